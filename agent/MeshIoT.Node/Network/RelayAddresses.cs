using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Node.Engine;
using MeshIoT.Paths.NetCheck;
using MeshIoT.Stun;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Network;

/// <summary>
/// Turns the coordinator's map of relays into what a check works on. A relay's addresses are those that the map gives; only one
/// that has none is looked up by name, and the last good answer is used while there is no newer one.
/// </summary>
internal sealed class RelayAddresses(TimeProvider clock)
{
    const int MostNames = 64;

    static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(2), Lifetime = TimeSpan.FromMinutes(10);

    readonly Dictionary<string, (IPAddress[] Addresses, TimeSpan At)> known = [];

    /// <summary>The map with addresses. Never throws: what cannot be resolved has none.</summary>
    public async Task<ProbeMap> ResolveAsync(DerpMap? map, CancellationToken ct)
    {
        List<(int Id, DerpRegion Region)> regions = [.. (map?.Regions ?? new Dictionary<int, DerpRegion?>())
            .Where(static entry => entry is { Key: > 0 and <= ushort.MaxValue, Value: not null })
            .OrderBy(static entry => entry.Key).Take(ProbeMap.MostRegions).Select(static entry => (entry.Key, entry.Value!))];
        await LookUpAsync(regions.SelectMany(static entry => Nodes(entry.Region)).Where(IsNamedOnly).Select(static node => node.HostName), ct);
        return new ProbeMap([.. regions.Select(entry => Resolved(entry.Id, entry.Region, map!.HomeParams))]);
    }

    /// <summary>All that matters of a map, as a text to compare.</summary>
    public static string Fingerprint(DerpMap? map)
    {
        StringBuilder text = new();
        foreach ((int id, DerpRegion? region) in (map?.Regions ?? new Dictionary<int, DerpRegion?>()).OrderBy(static entry => entry.Key))
        {
            double score = map?.HomeParams?.RegionScore?.GetValueOrDefault(id) ?? 0;
            text.Append(CultureInfo.InvariantCulture, $"{id} {region?.Avoid} {region?.NoMeasureNoHome} {score}\n");
            foreach (DerpNode node in region is null ? [] : Nodes(region))
            {
                text.Append(CultureInfo.InvariantCulture, $" {node}\n");
            }
        }

        return text.ToString();
    }

    static IEnumerable<DerpNode> Nodes(DerpRegion region) => (region.Nodes ?? []).OfType<DerpNode>().Take(ProbeMap.MostNodes);

    static bool IsNamedOnly(DerpNode node) =>
        string.IsNullOrEmpty(node.IPv4) && string.IsNullOrEmpty(node.IPv6) && string.IsNullOrEmpty(node.STUNTestIP)
        && node is { STUNPort: >= 0, HostName.Length: > 0 } && !IPAddress.TryParse(node.HostName, out _);

    static byte[]? EndpointOf(string? text, AddressFamily family, int port) =>
        IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == family ? Endpoints.FromIPEndPoint(new IPEndPoint(address, port)) : null;

    ProbeRegion Resolved(int id, DerpRegion region, DerpHomeParams? home)
    {
        string code = region.RegionCode.Length > 0 ? region.RegionCode : id.ToString(CultureInfo.InvariantCulture);
        return new ProbeRegion(id, code, region.RegionName)
        {
            Avoid = region.Avoid,
            NoMeasureNoHome = region.NoMeasureNoHome,
            HasRelay = Nodes(region).Any(static node => !node.STUNOnly),
            Score = home?.RegionScore is { } scores && scores.TryGetValue(id, out double score) ? score : 1,
            Nodes = [.. Nodes(region).Where(static node => node.STUNPort is >= 0 and <= ushort.MaxValue).Select(Resolved)
                .Where(static node => node.V4 is not null || node.V6 is not null)],
        };
    }

    ProbeNode Resolved(DerpNode node)
    {
        int port = node.STUNPort == 0 ? StunDatagram.DefaultPort : node.STUNPort;
        if (IsNamedOnly(node))
        {
            IPAddress[] found = known.TryGetValue(node.HostName, out (IPAddress[] Addresses, TimeSpan At) entry) ? entry.Addresses : [];
            byte[]? First(AddressFamily family) =>
                Array.Find(found, address => address.AddressFamily == family) is { } address ? Endpoints.FromIPEndPoint(new IPEndPoint(address, port)) : null;
            return new ProbeNode(First(AddressFamily.InterNetwork), First(AddressFamily.InterNetworkV6));
        }

        bool isTest = !string.IsNullOrEmpty(node.STUNTestIP), isNamed = string.IsNullOrEmpty(node.IPv4) && string.IsNullOrEmpty(node.IPv6);
        string? v4 = isTest ? node.STUNTestIP : isNamed ? node.HostName : node.IPv4, v6 = isTest ? node.STUNTestIP : isNamed ? node.HostName : node.IPv6;
        return new ProbeNode(EndpointOf(v4, AddressFamily.InterNetwork, port), EndpointOf(v6, AddressFamily.InterNetworkV6, port));
    }

    async Task LookUpAsync(IEnumerable<string> names, CancellationToken ct)
    {
        TimeSpan now = clock.GetElapsedTime(0);
        List<string> stale = [.. names.Distinct().Where(name => !known.TryGetValue(name, out (IPAddress[] Addresses, TimeSpan At) entry) || now - entry.At > Lifetime).Take(MostNames)];
        if (stale.Count == 0)
        {
            return;
        }

        using CancellationTokenSource limit = new(LookupTimeout, clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        IPAddress[][] answers = await Task.WhenAll(stale.Select(name => LookUpAsync(name, both.Token)));
        ct.ThrowIfCancellationRequested();
        if (known.Count > 2 * MostNames)
        {
            known.Clear();
        }

        for (int i = 0; i < stale.Count; i++)
        {
            if (answers[i].Length > 0)
            {
                known[stale[i]] = (answers[i], now);
            }
        }
    }

    static async Task<IPAddress[]> LookUpAsync(string name, CancellationToken ct)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name, ct).WaitAsync(ct);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ArgumentException)
        {
            return [];
        }
    }
}
