using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Policy.Hujson;
using MeshIoT.Tailcfg;

namespace MeshIoT.Policy.Document;

/// <summary>tests and sshTests: one source, destinations of one host (and one port) each.</summary>
internal sealed partial class PolicyReader
{
    ReachTest? ReadTest(HujsonValue entry)
    {
        int before = errors.Count;
        Dictionary<string, HujsonValue> fields = Fields(entry, "an entry of tests", ["src", "proto", "accept", "deny"], ["srcPostureAttrs"]);
        string source = Text(fields, "src")?.Trim() ?? "";
        if (source.Length == 0)
        {
            Fail(entry.At, "a test needs src: who tries");
        }

        TextPosition at = fields.TryGetValue("src", out HujsonValue? src) ? src.At : entry.At;
        Alias? alias = source.Length == 0 ? null : Resolved(source, at, "src of a test", Alias.Member, Alias.Tagged, Alias.Admin, Alias.Owner);
        int? protocol = Protocol(fields);
        if (!Protocols.HasPorts(protocol))
        {
            Fail(fields["proto"].At, "a test's proto is tcp, udp or sctp");
        }

        ImmutableArray<ReachTarget> accept = Targets(fields.GetValueOrDefault("accept"), "accept"), deny = Targets(fields.GetValueOrDefault("deny"), "deny");
        if (!HasItems(fields, "accept") && !HasItems(fields, "deny"))
        {
            Fail(entry.At, "a test needs accept or deny");
        }

        return errors.Count > before || alias is null ? null : new(entry.At, alias, protocol, accept, deny);
    }

    ImmutableArray<ReachTarget> Targets(HujsonValue? list, string what)
    {
        ImmutableArray<ReachTarget>.Builder targets = ImmutableArray.CreateBuilder<ReachTarget>();
        foreach (HujsonValue item in Strings(list, what))
        {
            string shown = HujsonParser.Shown(item.Text);
            if (!SplitPorts(item.Text, item.At, out string host, out string portText))
            {
                continue;
            }

            if (!Ports.TryParse(portText, out ImmutableArray<PortRange> ports, out string why))
            {
                Fail(item.At, $"{what} \"{shown}\": {why}");
            }
            else if (ports.Length != 1 || ports[0].First != ports[0].Last)
            {
                Fail(item.At, $"{what} \"{shown}\": a test tries a single port");
            }
            else if (Resolved(host, item.At, "a test's destination", Alias.Member, Alias.Tagged, Alias.Self, Alias.Admin, Alias.Owner) is { } alias)
            {
                if ((alias.Kind == AliasKind.Address && host.Contains('/', System.StringComparison.Ordinal)) || (alias.IsRange && !alias.Range.IsSingle))
                {
                    Fail(item.At, $"{what} \"{shown}\": a test tries a single host, not a range of addresses");
                }

                targets.Add(new(item.At, item.Text, alias, ports[0].First));
            }
        }

        return targets.ToImmutable();
    }

    SshTest? ReadSshTest(HujsonValue entry)
    {
        int before = errors.Count;
        Dictionary<string, HujsonValue> fields = Fields(entry, "an entry of sshTests", ["src", "dst", "accept", "deny", "check"], ["srcPostureAttrs"]);
        string source = Text(fields, "src")?.Trim() ?? "";
        if (source.Length == 0)
        {
            Fail(entry.At, "a test of ssh needs src: who logs in");
        }

        TextPosition at = fields.TryGetValue("src", out HujsonValue? src) ? src.At : entry.At;
        Alias? alias = source.Length == 0 ? null : Resolved(source, at, "src of a test of ssh", Alias.Member, Alias.Tagged, Alias.Admin, Alias.Owner);
        ImmutableArray<Alias> destinations = Aliases(fields.GetValueOrDefault("dst"), "dst of a test of ssh", Alias.Member, Alias.Tagged, Alias.Self, Alias.Admin, Alias.Owner);
        if (!HasItems(fields, "dst"))
        {
            Fail(entry.At, "a test of ssh needs dst: where to");
        }

        foreach (Alias wide in destinations.Where(d => d.IsRange && !d.Range.IsSingle))
        {
            Fail(wide.At, $"dst of a test of ssh is a single host, not \"{HujsonParser.Shown(wide.Text)}\"");
        }

        ImmutableArray<SshTestUser> accept = LoginNames(fields, "accept"), deny = LoginNames(fields, "deny"), check = LoginNames(fields, "check");
        if (accept.Length + deny.Length + check.Length == 0)
        {
            Fail(entry.At, "a test of ssh needs accept, deny or check: local names");
        }

        return errors.Count > before || alias is null ? null : new(entry.At, alias, destinations, accept, deny, check);
    }

    ImmutableArray<SshTestUser> LoginNames(Dictionary<string, HujsonValue> fields, string name)
        => [.. Strings(fields.GetValueOrDefault(name), name).Select(u => new SshTestUser(u.At, u.Text.Trim()))];
}
