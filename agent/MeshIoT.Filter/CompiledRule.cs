using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Filter;

/// <summary>A filter rule ready to match without allocating.</summary>
internal sealed class CompiledRule
{
    readonly bool[] protocols = new bool[256];
    readonly AddressSet sources;
    readonly (AddressRange Range, PortRange Ports)[] destinations;

    CompiledRule(IReadOnlyList<int>? protocols, AddressSet sources, List<(AddressRange, PortRange)> destinations)
    {
        this.sources = sources;
        this.destinations = [.. destinations];
        foreach (int protocol in protocols is { Count: > 0 } ? protocols : [IPProtocol.Tcp, IPProtocol.Udp, IPProtocol.IcmpV4, IPProtocol.IcmpV6])
        {
            if (protocol is >= 0 and <= 255)
            {
                this.protocols[protocol] = true;
            }
        }
    }

    /// <summary>Protocol, source, destination and port all match.</summary>
    public bool Matches(in InnerPacket packet)
    {
        if (!protocols[packet.Protocol] || !sources.Contains(packet.Source))
        {
            return false;
        }

        foreach ((AddressRange range, PortRange ports) in destinations)
        {
            if (range.Contains(packet.Destination) && ports.Contains(packet.DestinationPort))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Protocol, source and destination match, and the rule means every port: how protocols without ports are judged.</summary>
    public bool MatchesWholly(in InnerPacket packet)
    {
        if (!protocols[packet.Protocol] || !sources.Contains(packet.Source))
        {
            return false;
        }

        foreach ((AddressRange range, PortRange ports) in destinations)
        {
            if (range.Contains(packet.Destination) && ports == PortRange.Any)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Source and destination match, whatever protocol and ports: who may talk at all may ping.</summary>
    public bool MatchesAddresses(in InnerPacket packet)
    {
        if (!sources.Contains(packet.Source))
        {
            return false;
        }

        foreach ((AddressRange range, _) in destinations)
        {
            if (range.Contains(packet.Destination))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Compiles one rule; entries that do not parse are left out and counted. Null when nothing is left that could match.</summary>
    public static CompiledRule? Compile(FilterRule rule, Func<string, IEnumerable<IPNetwork>>? capabilityHolders, ref int rejected)
    {
        List<AddressRange> sources = [];
        foreach (string? text in rule.SrcIPs ?? [])
        {
            if (text is not null && text.StartsWith("cap:", StringComparison.Ordinal))
            {
                foreach (IPNetwork holder in capabilityHolders?.Invoke(text[4..]) ?? [])
                {
                    sources.Add(AddressRange.From(holder));
                }
            }
            else
            {
                Add(text, sources, ref rejected);
            }
        }

        List<(AddressRange, PortRange)> destinations = [];
        List<AddressRange> ranges = [];
        foreach (NetPortRange? destination in rule.DstPorts ?? [])
        {
            ranges.Clear();
            Add(destination?.IP, ranges, ref rejected);
            foreach (AddressRange range in ranges)
            {
                destinations.Add((range, destination!.Ports));
            }
        }

        return sources.Count == 0 || destinations.Count == 0 ? null : new CompiledRule(rule.IPProto, new AddressSet(sources), destinations);
    }

    static void Add(string? text, List<AddressRange> ranges, ref int rejected)
    {
        if (text == "*")
        {
            ranges.Add(AddressRange.AllV4);
            ranges.Add(AddressRange.AllV6);
        }
        else if (text is not null && AddressRange.TryParse(text, out AddressRange range))
        {
            ranges.Add(range);
        }
        else
        {
            rejected++;
        }
    }
}
