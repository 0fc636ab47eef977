using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// Each node's JSON as its peers get it, made once per change and shared by every netmap: all peers see the same bytes,
/// so a frame for n peers is a copy, not n serialisations.
/// </summary>
internal sealed class PeerJson(NodeView view, TimeProvider time)
{
    readonly ConcurrentDictionary<long, (long Revision, byte[] Json)> made = new();

    public ReadOnlySpan<byte> Of(NodeRecord node)
    {
        if (!made.TryGetValue(node.Id, out var known) || known.Revision != node.PeerRevision)
        {
            known = (node.PeerRevision, JsonSerializer.SerializeToUtf8Bytes(view.ToPeer(node, time.GetUtcNow()), TailcfgJson.Default.Node));
            made[node.Id] = known;
        }

        return known.Json;
    }

    /// <summary>Drops what belongs to nodes that are gone.</summary>
    public void Trim(Tailnet tailnet)
    {
        foreach (long id in made.Keys.Where(id => !tailnet.Nodes.ContainsKey(id)).ToArray())
        {
            made.TryRemove(id, out _);
        }
    }
}
