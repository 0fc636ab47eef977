using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using MeshIoT.Tailcfg;

namespace MeshIoT.Filter;

/// <summary>
/// Decides which packets from the tailnet may enter. Nothing may, unless a rule of the policy or a conversation we began says so; what
/// leaves is judged by the receiver. Rules are fixed: a new policy is a new filter with the old one's <see cref="Flows"/>.
/// Safe from several threads, no allocation per packet. data-plane.md section 7.
/// </summary>
public sealed class PacketFilter
{
    readonly CompiledRule[] rules;
    readonly AddressSet local;
    readonly long[] counts = new long[(int)Verdict.Accept + 1];

    PacketFilter(List<CompiledRule> rules, AddressSet local, FlowTable flows)
    {
        this.rules = [.. rules];
        this.local = local;
        Flows = flows;
    }

    /// <summary>The conversations that outlive a change of policy.</summary>
    public FlowTable Flows { get; }

    /// <summary>
    /// Builds a filter from the rules and the networks packets may be for: our addresses and the routes we advertise. Entries that do not
    /// parse are left out and counted in <paramref name="rejected"/>; a rule in the retired form with Bits makes the whole list void, as
    /// in Tailscale. No rules: everything new is dropped, answers pass. <paramref name="capabilityHolders"/> names the addresses of the
    /// nodes that hold a capability, for sources of the form "cap:name"; without it they match nobody.
    /// </summary>
    public static PacketFilter Compile(
        IEnumerable<FilterRule?> rules, IEnumerable<IPNetwork> localNets, out int rejected, FlowTable? flows = null, Func<string, IEnumerable<IPNetwork>>? capabilityHolders = null)
    {
        rejected = 0;
        List<CompiledRule> compiled = [];
        foreach (FilterRule? rule in rules)
        {
            if (rule is null)
            {
                rejected++;
            }
            else if (rule.SrcBits is { Count: > 0 } || (rule.DstPorts ?? []).Any(d => d?.Bits is not null))
            {
                rejected++;
                compiled.Clear();
                break;
            }
            else if (CompiledRule.Compile(rule, capabilityHolders, ref rejected) is { } usable)
            {
                compiled.Add(usable);
            }
        }

        return new PacketFilter(compiled, new AddressSet(localNets.Select(AddressRange.From)), flows ?? new FlowTable());
    }

    /// <summary>The same from the named lists of a map response, which count as one list in the order of their names.</summary>
    public static PacketFilter Compile(
        IReadOnlyDictionary<string, IReadOnlyList<FilterRule>> rules, IEnumerable<IPNetwork> localNets, out int rejected, FlowTable? flows = null, Func<string, IEnumerable<IPNetwork>>? capabilityHolders = null)
    {
        return Compile(rules.OrderBy(r => r.Key, StringComparer.Ordinal).SelectMany(r => r.Value ?? []), localNets, out rejected, flows, capabilityHolders);
    }

    /// <summary>Judges one IP packet that came out of the tunnel. Its source is taken as proven: the tunnel checks it against the peer's allowed IPs.</summary>
    public Verdict CheckIn(ReadOnlySpan<byte> packet)
    {
        Verdict verdict = packet.IsEmpty ? Verdict.Accept : Judge(packet);
        Interlocked.Increment(ref counts[(int)verdict]);
        return verdict;
    }

    /// <summary>So many more packets were let in without being asked about, each of a conversation of which one was, just before.</summary>
    public void CountAccepted(int packets) => Interlocked.Add(ref counts[(int)Verdict.Accept], packets);

    /// <summary>Remembers the conversation of a packet that goes out, so that its answers pass. Anything that is not UDP or SCTP is ignored.</summary>
    public void NoteOut(ReadOnlySpan<byte> packet)
    {
        if (InnerPacket.TryRead(packet, out InnerPacket inner) == Verdict.Accept && HasFlow(inner))
        {
            Flows.Touch(new FlowKey(inner.Protocol, inner.Destination, inner.DestinationPort, inner.Source, inner.SourcePort));
        }
    }

    /// <summary>How many packets got this verdict from this filter.</summary>
    public long Count(Verdict verdict) => Interlocked.Read(ref counts[(int)verdict]);

    Verdict Judge(ReadOnlySpan<byte> packet)
    {
        Verdict readable = InnerPacket.TryRead(packet, out InnerPacket inner);
        if (readable != Verdict.Accept)
        {
            return readable;
        }

        if (inner.Destination.IsMulticast)
        {
            return Verdict.Multicast;
        }

        if (inner.Destination.IsLinkLocal && !inner.Destination.IsMetadataService)
        {
            return Verdict.LinkLocal;
        }

        if (!local.Contains(inner.Destination))
        {
            return Verdict.NotLocal;
        }

        return IsAllowed(inner) ? Verdict.Accept : Verdict.NoRule;
    }

    bool IsAllowed(in InnerPacket inner)
    {
        // A later fragment is worth nothing without its first, which was judged.
        if (inner.IsLaterFragment)
        {
            return true;
        }

        switch (inner.Protocol)
        {
            case IPProtocol.Tsmp:
                return true;
            case IPProtocol.IcmpV4 or IPProtocol.IcmpV6:
                return inner.IsIcmpAnswer || AnyMatchesAddresses(inner);
            case IPProtocol.Tcp:
                return !inner.IsTcpOpening || AnyMatches(inner);
            case IPProtocol.Udp or IPProtocol.Sctp:
                return Flows.TryRefresh(new FlowKey(inner.Protocol, inner.Source, inner.SourcePort, inner.Destination, inner.DestinationPort)) || AnyMatches(inner);
            default:
                return AnyMatchesWholly(inner);
        }
    }

    static bool HasFlow(in InnerPacket inner) => !inner.IsLaterFragment && inner.Protocol is (IPProtocol.Udp or IPProtocol.Sctp);

    bool AnyMatches(in InnerPacket inner)
    {
        foreach (CompiledRule rule in rules)
        {
            if (rule.Matches(inner))
            {
                return true;
            }
        }

        return false;
    }

    bool AnyMatchesAddresses(in InnerPacket inner)
    {
        foreach (CompiledRule rule in rules)
        {
            if (rule.MatchesAddresses(inner))
            {
                return true;
            }
        }

        return false;
    }

    bool AnyMatchesWholly(in InnerPacket inner)
    {
        foreach (CompiledRule rule in rules)
        {
            if (rule.MatchesWholly(inner))
            {
                return true;
            }
        }

        return false;
    }
}
