using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using MeshIoT.Policy.Hujson;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy.Document;

/// <summary>acls and grants.</summary>
internal sealed partial class PolicyReader
{
    /// <summary>Capabilities of tailscale.com that a policy may give; the rest of that domain is the coordinator's to give.</summary>
    static readonly string[] TailscaleCapabilities =
    [
        "tailscale.com/cap/drive", "tailscale.com/cap/relay", "tailscale.com/cap/webui", "tailscale.com/cap/kubernetes", "tailscale.com/cap/tsidp", "tailscale.com/cap/secrets",
    ];

    static readonly string[] SourceAutoGroups = [Alias.Member, Alias.Tagged, Alias.DangerAll, Alias.Admin, Alias.Owner];

    static readonly string[] DestinationAutoGroups = [Alias.Member, Alias.Tagged, Alias.Internet, Alias.Self, Alias.Admin, Alias.Owner];

    void ReadRules(Dictionary<string, HujsonValue> sections)
    {
        if (sections.ContainsKey("acls") || sections.ContainsKey("grants"))
        {
            rules = [];
        }

        Entries(sections, "grants").ForEach(ReadGrant);
        Entries(sections, "acls").ForEach(ReadAcl);
    }

    void ReadAcl(HujsonValue entry)
    {
        // "users" and "ports" are the first names of src and dst; old policies still have them.
        Dictionary<string, HujsonValue> fields = Fields(entry, "an entry of acls", ["action", "proto", "src", "dst", "users", "ports"], ["srcPosture"]);
        string action = Text(fields, "action") ?? "";
        if (action != "accept")
        {
            Fail(fields.TryGetValue("action", out HujsonValue? a) ? a.At : entry.At, $"action=\"{HujsonParser.Shown(action)}\" is not supported; the one action is \"accept\"");
        }

        int? protocol = Protocol(fields);
        ImmutableArray<Alias> sources = Sources(fields.GetValueOrDefault("src") ?? fields.GetValueOrDefault("users"));
        List<GrantRule> found = [];
        foreach (HujsonValue item in Strings(fields.GetValueOrDefault("dst") ?? fields.GetValueOrDefault("ports"), "dst"))
        {
            if (!SplitPorts(item.Text, item.At, out string host, out string portText))
            {
                continue;
            }

            if (!Ports.TryParse(portText, out ImmutableArray<PortRange> ports, out string why))
            {
                Fail(item.At, $"dst=\"{HujsonParser.Shown(item.Text)}\": {why}");
            }
            else if (Resolved(host, item.At, "dst", DestinationAutoGroups) is { } destination)
            {
                CheckPorts(protocol, ports, item.At);
                found.Add(new() { Sources = sources, Destinations = [destination], Ip = [new(protocol, ports)] });
            }
        }

        CheckSelf(sources, found.SelectMany(f => f.Destinations), wildcardAllowed: true);
        rules!.AddRange(found);
    }

    void ReadGrant(HujsonValue entry)
    {
        Dictionary<string, HujsonValue> fields = Fields(entry, "an entry of grants", ["src", "dst", "ip", "app", "via"], ["srcPosture"]);
        ImmutableArray<Alias> sources = Sources(fields.GetValueOrDefault("src"));
        ImmutableArray<Alias> destinations = Aliases(fields.GetValueOrDefault("dst"), "dst", DestinationAutoGroups);
        ImmutableArray<ProtocolPorts> ip = [.. Strings(fields.GetValueOrDefault("ip"), "ip").Select(ProtocolAndPorts).OfType<ProtocolPorts>()];
        Dictionary<string, IReadOnlyList<JsonElement>?>? app = Capabilities(fields);
        if (!HasItems(fields, "ip") && app is not { Count: > 0 })
        {
            Fail(entry.At, "a grant needs ip or app; both are empty");
        }

        foreach (Alias destination in destinations)
        {
            if (app is { Count: > 0 } && destination.IsAuto(Alias.Internet))
            {
                Fail(destination.At, "cannot use app grants with autogroup:internet");
            }

            if (destination.Kind == AliasKind.Address && destination.Range.IsEverything)
            {
                Fail(destination.At, $"dst \"{HujsonParser.Shown(destination.Text)}\": to allow all addresses, use \"*\" or \"autogroup:internet\"");
            }
        }

        ImmutableArray<Alias>.Builder via = ImmutableArray.CreateBuilder<Alias>();
        foreach (HujsonValue item in Strings(fields.GetValueOrDefault("via"), "via"))
        {
            if (!item.Text.Trim().StartsWith("tag:", StringComparison.Ordinal))
            {
                Fail(item.At, "via can only be a tag");
            }
            else if (Resolved(item.Text, item.At, "via") is { } tag)
            {
                via.Add(tag);
            }
        }

        CheckSelf(sources, destinations, wildcardAllowed: false);
        rules!.Add(new() { Sources = sources, Destinations = destinations, Ip = ip, App = app, Via = via.ToImmutable() });
    }

    ImmutableArray<Alias> Sources(HujsonValue? list)
    {
        ImmutableArray<Alias>.Builder sources = ImmutableArray.CreateBuilder<Alias>();
        foreach (HujsonValue item in Strings(list, "src"))
        {
            if (item.Text.Trim() == Alias.Self)
            {
                Fail(item.At, "\"autogroup:self\" not valid on the src side of a rule");
            }
            else if (Resolved(item.Text, item.At, "src", SourceAutoGroups) is { } source)
            {
                sources.Add(source);
            }
        }

        return sources.ToImmutable();
    }

    /// <summary>autogroup:self means "each user's own": the sources must then be users.</summary>
    void CheckSelf(ImmutableArray<Alias> sources, IEnumerable<Alias> destinations, bool wildcardAllowed)
    {
        if (destinations.FirstOrDefault(d => d.IsAuto(Alias.Self)) is not { } self)
        {
            return;
        }

        foreach (Alias source in sources)
        {
            bool users = source.Kind is AliasKind.User or AliasKind.UserDomain or AliasKind.Group
                || (source.Kind == AliasKind.Wildcard && wildcardAllowed)
                || source.IsAuto(Alias.Member) || source.IsAuto(Alias.Admin) || source.IsAuto(Alias.Owner);
            if (!users)
            {
                Fail(source.At, $"autogroup:self (line {self.At.Line}) can only be used with users, groups, or supported autogroups as src, not \"{HujsonParser.Shown(source.Text)}\"");
                return;
            }
        }
    }

    int? Protocol(Dictionary<string, HujsonValue> fields)
    {
        string? text = Text(fields, "proto");
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (Protocols.TryParse(text, out int protocol, out string why))
        {
            return protocol;
        }

        Fail(fields["proto"].At, why);
        return null;
    }

    ProtocolPorts? ProtocolAndPorts(HujsonValue item)
    {
        string text = item.Text.Trim();
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int protocol = 0;
        string why = "";
        if (colon >= 0 && !Protocols.TryParse(text[..colon], out protocol, out why))
        {
            Fail(item.At, why);
            return null;
        }

        if (!Ports.TryParse(text[(colon + 1)..], out ImmutableArray<PortRange> ports, out why))
        {
            Fail(item.At, colon < 0 && Protocols.ByName.ContainsKey(text) ? $"{why}; to open a whole protocol write \"{HujsonParser.Shown(text)}:*\"" : why);
            return null;
        }

        int? known = colon < 0 ? null : protocol;
        CheckPorts(known, ports, item.At);
        return new(known, ports);
    }

    void CheckPorts(int? protocol, ImmutableArray<PortRange> ports, TextPosition at)
    {
        if (!Protocols.HasPorts(protocol) && ports.Any(p => p != PortRange.Any))
        {
            Fail(at, $"protocol {protocol} has no ports; only \"*\" is allowed");
        }
    }

    Dictionary<string, IReadOnlyList<JsonElement>?>? Capabilities(Dictionary<string, HujsonValue> fields)
    {
        if (!fields.ContainsKey("app"))
        {
            return null;
        }

        Dictionary<string, IReadOnlyList<JsonElement>?> app = new(StringComparer.Ordinal);
        foreach (HujsonMember capability in Members(fields, "app"))
        {
            if (capability.Name.Contains("://", StringComparison.Ordinal) || !capability.Name.Contains('/', StringComparison.Ordinal))
            {
                Fail(capability.At, $"capability name \"{HujsonParser.Shown(capability.Name)}\" must have the form {{domain}}/{{path}}");
            }
            else if (capability.Name.StartsWith("tailscale.com/", StringComparison.Ordinal) && Array.IndexOf(TailscaleCapabilities, capability.Name) < 0)
            {
                Fail(capability.At, $"capability name must not be in the tailscale.com domain{Spelling.Hint(capability.Name, TailscaleCapabilities)}");
            }

            app[capability.Name] = capability.Value.Kind == HujsonKind.Null ? null
                : [.. Items(capability.Value, $"\"{HujsonParser.Shown(capability.Name)}\"").Select(v => v.ToJson())];
        }

        return app;
    }

    static bool HasItems(Dictionary<string, HujsonValue> fields, string name)
        => fields.TryGetValue(name, out HujsonValue? list) && (list.Kind != HujsonKind.Array || list.Items.Count > 0);
}
