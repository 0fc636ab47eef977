using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Policy.Hujson;

namespace MeshIoT.Policy.Document;

/// <summary>The ssh section.</summary>
internal sealed partial class PolicyReader
{
    const string LocalPart = "localpart:*@";

    static readonly TimeSpan MaxCheckPeriod = TimeSpan.FromHours(168);

    SshPolicyRule? ReadSsh(HujsonValue entry)
    {
        int before = errors.Count;
        Dictionary<string, HujsonValue> fields = Fields(entry, "an entry of ssh", ["action", "src", "dst", "users", "checkPeriod", "acceptEnv"], ["recorder", "enforceRecorder", "srcPosture"]);
        string action = Text(fields, "action")?.Trim() ?? "";
        if (action is not ("accept" or "check"))
        {
            Fail(fields.TryGetValue("action", out HujsonValue? a) ? a.At : entry.At, action.Length == 0
                ? "action must be specified: \"accept\" or \"check\"" : $"\"{HujsonParser.Shown(action)}\" is not a valid action; it is \"accept\" or \"check\"");
        }

        ImmutableArray<Alias> sources = Aliases(fields.GetValueOrDefault("src"), "src of ssh", Alias.Member, Alias.Tagged, Alias.Admin, Alias.Owner);
        foreach (Alias source in sources.Where(s => s.IsRange || s.Kind == AliasKind.Wildcard))
        {
            Fail(source.At, $"src of ssh are users, groups, tags and autogroups, not \"{HujsonParser.Shown(source.Text)}\"");
        }

        ImmutableArray<Alias> destinations = Aliases(fields.GetValueOrDefault("dst"), "dst of ssh", Alias.Member, Alias.Tagged, Alias.Self, Alias.Admin, Alias.Owner);
        foreach (Alias destination in destinations)
        {
            CheckSshDestination(sources, destination);
        }

        List<HujsonValue> users = Strings(fields.GetValueOrDefault("users"), "users");
        if (users.Count == 0)
        {
            Fail(entry.At, "users must be specified: the local names that may log in, like \"root\" or \"autogroup:nonroot\"");
        }

        foreach (HujsonValue user in users)
        {
            CheckLoginName(user);
        }

        List<HujsonValue> env = Strings(fields.GetValueOrDefault("acceptEnv"), "acceptEnv");
        foreach (HujsonValue name in env.Where(e => e.Text.Length == 0))
        {
            Fail(name.At, "acceptEnv values cannot be empty");
        }

        TimeSpan period = CheckPeriod(fields, action);
        return errors.Count > before ? null : new SshPolicyRule
        {
            Check = action == "check", Sources = sources, Destinations = destinations, Users = [.. users.Select(u => u.Text.Trim())],
            AcceptEnv = [.. env.Select(e => e.Text)], CheckPeriod = period,
        };
    }

    /// <summary>Somebody else's devices are never a destination: a person's own by autogroup:self or by the same person as source.</summary>
    void CheckSshDestination(ImmutableArray<Alias> sources, Alias destination)
    {
        string shown = HujsonParser.Shown(destination.Text);
        Alias? tagged = sources.FirstOrDefault(s => s.Kind == AliasKind.Tag || s.IsAuto(Alias.Tagged));
        switch (destination.Kind)
        {
            case AliasKind.Wildcard:
                Fail(destination.At, "\"*\" is not possible as dst of ssh; use autogroup:self for people's own devices, autogroup:tagged or tags for the rest");
                break;
            case AliasKind.Host or AliasKind.Address or AliasKind.Group or AliasKind.UserDomain:
                Fail(destination.At, $"invalid dst \"{shown}\": ssh goes to tags, users and autogroups");
                break;
            case AliasKind.User when tagged is not null:
                Fail(destination.At, $"a tag as source ({HujsonParser.Shown(tagged.Text)}) cannot reach the devices of a user ({shown})");
                break;
            case AliasKind.User when sources.Any(s => s.Kind != AliasKind.User || s.Text != destination.Text):
                Fail(destination.At, $"user \"{shown}\" as dst needs only the same user as src; use autogroup:self for everybody's own devices");
                break;
            case AliasKind.AutoGroup when tagged is not null && destination.Text is Alias.Self or Alias.Member:
                Fail(destination.At, $"a tag as source ({HujsonParser.Shown(tagged.Text)}) cannot reach people's devices ({shown})");
                break;
        }
    }

    void CheckLoginName(HujsonValue user)
    {
        string name = user.Text.Trim();
        if (name is "" or "*")
        {
            Fail(user.At, $"user \"{name}\" is not valid; every user but root is \"autogroup:nonroot\"");
        }
        else if (name.StartsWith(LocalPart, StringComparison.Ordinal) && name.Length > LocalPart.Length)
        {
            domains.Add((name[LocalPart.Length..], user.At));
        }
    }

    TimeSpan CheckPeriod(Dictionary<string, HujsonValue> fields, string action)
    {
        TimeSpan usual = TimeSpan.FromHours(12);
        if (Text(fields, "checkPeriod") is not { } text)
        {
            return usual;
        }

        TextPosition at = fields["checkPeriod"].At;
        if (action == "accept")
        {
            Fail(at, "checkPeriod is only valid with action \"check\"");
        }
        else if (text == "always")
        {
            return TimeSpan.Zero;
        }
        else if (!GoDuration.TryParse(text, out TimeSpan period))
        {
            Fail(at, $"checkPeriod \"{HujsonParser.Shown(text)}\" is no duration; write 30m, 12h or \"always\"");
        }
        else if (period < TimeSpan.Zero)
        {
            Fail(at, $"checkPeriod {HujsonParser.Shown(text)} must be a positive duration");
        }
        else if (period > MaxCheckPeriod)
        {
            Fail(at, $"checkPeriod {HujsonParser.Shown(text)} is above the max (168h)");
        }
        else
        {
            return period;
        }

        return usual;
    }
}
