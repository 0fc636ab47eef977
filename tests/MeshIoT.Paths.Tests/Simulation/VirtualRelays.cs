using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Crypto;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>
/// The relays of the virtual network, and a stand-in for the connections to them: what is under test here is what a node does with relays,
/// not how it connects to them.
/// </summary>
sealed class VirtualRelays(VirtualNet net)
{
    readonly Dictionary<int, HashSet<VirtualRelayLink>> connected = [];

    /// <summary>The regions whose relay runs.</summary>
    public SortedSet<int> Up { get; } = [];

    public void Start(int region)
    {
        Up.Add(region);
        connected.TryAdd(region, []);
    }

    /// <summary>Connections break at once, as when a process is killed.</summary>
    public void Kill(int region)
    {
        Up.Remove(region);
        foreach (VirtualRelayLink link in connected.GetValueOrDefault(region)?.ToArray() ?? [])
        {
            link.Lost(region);
        }

        connected[region] = [];
    }

    public bool Connect(int region, VirtualRelayLink link) => Up.Contains(region) && connected[region].Add(link);

    public void Disconnect(int region, VirtualRelayLink link)
    {
        if (connected.TryGetValue(region, out HashSet<VirtualRelayLink>? there) && there.Remove(link))
        {
            foreach (VirtualRelayLink other in there)
            {
                net.Later(other.DelayMs, () => other.Gone(region, link.Key));
            }
        }
    }

    public void Forward(int region, VirtualRelayLink from, NodePublicKey to, byte[] bytes)
    {
        if (net.Drops(bytes) || !Up.Contains(region) || !connected[region].Contains(from))
        {
            return;
        }

        VirtualRelayLink? there = connected[region].LastOrDefault(link => link.Key == to);
        if (there is null)
        {
            net.Later(from.DelayMs, () => from.Gone(region, to));
        }
        else
        {
            net.Later(there.DelayMs, () => there.Arrive(region, from.Key, bytes));
        }
    }
}
