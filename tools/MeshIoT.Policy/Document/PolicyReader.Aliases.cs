using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Hujson;

namespace MeshIoT.Policy.Document;

/// <summary>Names of nodes and addresses, and whether what they refer to exists.</summary>
internal sealed partial class PolicyReader
{
    static readonly string[] KnownAutoGroups =
        [Alias.Member, Alias.Tagged, Alias.Self, Alias.Internet, Alias.DangerAll, Alias.Admin, Alias.Owner, Alias.NonRoot];

    /// <summary>The aliases of a list of strings; what does not parse or refer is an error and left out.</summary>
    ImmutableArray<Alias> Aliases(HujsonValue? list, string what, params ReadOnlySpan<string> autoGroups)
    {
        ImmutableArray<Alias>.Builder aliases = ImmutableArray.CreateBuilder<Alias>();
        foreach (HujsonValue item in Strings(list, what))
        {
            if (Resolved(item.Text, item.At, what, autoGroups) is { } alias)
            {
                aliases.Add(alias);
            }
        }

        return aliases.ToImmutable();
    }

    /// <summary>One alias whose group, tag or host the policy defines and whose autogroup is allowed at this place.</summary>
    Alias? Resolved(string text, TextPosition at, string what, params ReadOnlySpan<string> autoGroups)
    {
        if (Named(text.Trim(), at) is not { } alias)
        {
            return null;
        }

        switch (alias.Kind)
        {
            case AliasKind.Group when !groupNames.Contains(alias.Text):
                Fail(at, $"group not defined: \"{HujsonParser.Shown(alias.Text)}\"{Spelling.Hint(alias.Text, groupNames)}");
                return null;
            case AliasKind.Tag when !tagNames.Contains(alias.Text):
                Fail(at, $"tag not found in tagOwners: \"{HujsonParser.Shown(alias.Text)}\"{Spelling.Hint(alias.Text, tagNames)}");
                return null;
            case AliasKind.AutoGroup when autoGroups.IndexOf(alias.Text) < 0:
                Fail(at, $"{HujsonParser.Shown(alias.Text)} cannot be used in {what}");
                return null;
            default:
                return alias;
        }
    }

    /// <summary>What kind of name it is, by its form; hosts are looked up.</summary>
    Alias? Named(string text, TextPosition at)
    {
        if (text == "*")
        {
            return new(AliasKind.Wildcard, text, at);
        }

        if (AddressRange.TryParse(text, out AddressRange range))
        {
            return new(AliasKind.Address, text, at, range);
        }

        if (text.StartsWith("user:*@", StringComparison.Ordinal))
        {
            domains.Add((text["user:*@".Length..], at));
            return text.Length > "user:*@".Length ? new(AliasKind.UserDomain, text, at) : Bad(at, "user:*@ lacks its domain");
        }

        if (text.StartsWith("group:", StringComparison.Ordinal))
        {
            return new(AliasKind.Group, text, at);
        }

        if (text.StartsWith("tag:", StringComparison.Ordinal))
        {
            return new(AliasKind.Tag, text, at);
        }

        if (text.StartsWith("autogroup:", StringComparison.Ordinal))
        {
            // "autogroup:members" is the older spelling that Tailscale still takes.
            string name = text == "autogroup:members" ? Alias.Member : text;
            return Array.IndexOf(KnownAutoGroups, name) >= 0
                ? new(AliasKind.AutoGroup, name, at)
                : Bad(at, $"unknown or unsupported autogroup \"{HujsonParser.Shown(text)}\"{Spelling.Hint(text, KnownAutoGroups)}");
        }

        if (text.Contains('@', StringComparison.Ordinal))
        {
            return new(AliasKind.User, text, at);
        }

        if (hosts.TryGetValue(text, out range))
        {
            return new(AliasKind.Host, text, at, range);
        }

        return hostNames.Contains(text)
            ? null // its address is the error, and said where it stands
            : Bad(at, text.Length == 0 ? "an empty name" : $"\"{HujsonParser.Shown(text)}\" is no address, user, group, tag or host of this policy{Spelling.Hint(text, hosts.Keys)}");
    }

    Alias? Bad(TextPosition at, string message)
    {
        Fail(at, message);
        return null;
    }

    /// <summary>Splits "host:ports" at its last colon; an IPv6 address may stand in brackets, with a prefix length after them.</summary>
    bool SplitPorts(string text, TextPosition at, out string host, out string ports)
    {
        host = ports = "";
        string whole = text.Trim();
        if (whole.StartsWith('['))
        {
            int close = whole.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || !AddressRange.TryParse(whole.AsSpan(1, close - 1), out AddressRange inside) || !inside.IsV6
                || close + 1 >= whole.Length || whole[close + 1] is not (':' or '/'))
            {
                Fail(at, $"\"{HujsonParser.Shown(text)}\": brackets are for an IPv6 address that is followed by : or /");
                return false;
            }

            whole = string.Concat(whole.AsSpan(1, close - 1), whole.AsSpan(close + 1));
        }

        int colon = whole.LastIndexOf(':');
        if (colon <= 0 || colon == whole.Length - 1)
        {
            Fail(at, $"\"{HujsonParser.Shown(text)}\" needs a host and ports, like \"{(colon < 0 ? HujsonParser.Shown(whole) : "host")}:22\" or \"...:*\"");
            return false;
        }

        (host, ports) = (whole[..colon], whole[(colon + 1)..]);
        return true;
    }
}
