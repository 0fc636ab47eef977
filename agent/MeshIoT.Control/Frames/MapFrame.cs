using System.Collections.Generic;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>
/// One frame of the map stream as a node takes it in: the peers in compact form already, everything else as the wire says it. A client reads it
/// piece by piece, so that the frame never lies in memory as a whole.
/// </summary>
public sealed class MapFrame
{
    internal MapFrame(MapResponse rest) => Rest = rest;

    /// <summary>The frame but for Peers and PeersChanged, which are null here.</summary>
    public MapResponse Rest { get; }

    /// <summary>All peers in place of those known; null or empty: see <see cref="PeersChanged"/>.</summary>
    public IReadOnlyList<Peer>? Peers { get; internal set; }

    /// <summary>Peers added or replaced.</summary>
    public IReadOnlyList<Peer>? PeersChanged { get; internal set; }

    /// <summary>Nothing new, still alive.</summary>
    public bool KeepAlive => Rest.KeepAlive;

    /// <summary>Nodes without an id, and addresses, prefixes and endpoints that made no sense.</summary>
    public long Dropped { get; internal set; }

    /// <summary>The frame that a whole message describes.</summary>
    public static MapFrame From(MapResponse message)
    {
        WireNodes nodes = new();
        MapFrame frame = new(message with { Peers = null, PeersChanged = null });
        frame.Peers = frame.Take(message.Peers, nodes);
        frame.PeersChanged = frame.Take(message.PeersChanged, nodes);
        frame.Dropped += nodes.Dropped;
        return frame;
    }

    List<Peer>? Take(IReadOnlyList<Node>? wire, WireNodes nodes)
    {
        if (wire is null)
        {
            return null;
        }

        List<Peer> peers = new(wire.Count);
        foreach (Node node in wire)
        {
            if (node.ID > 0)
            {
                peers.Add(nodes.ToPeer(node));
            }
            else
            {
                Dropped++;
            }
        }

        return peers;
    }
}
