using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Text.Json;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>
/// Each node's JSON as its peers get it, made once per change and shared by every netmap: peers that may use the same routes get the same bytes,
/// so a frame for n peers is a copy, not n serialisations.
/// </summary>
internal sealed class PeerJson(NodeView view)
{
    const int MaxVariants = 8;

    readonly ConcurrentDictionary<long, Made> made = new();

    /// <summary>What a peer gets that may send <paramref name="node"/> packets for <paramref name="allowed"/>.</summary>
    public byte[] Of(Tailnet tailnet, NodeRecord node, IReadOnlyList<IPNetwork> allowed)
    {
        if (made.TryGetValue(node.Id, out Made? known) && ReferenceEquals(known.Node, node))
        {
            foreach ((IReadOnlyList<IPNetwork> variant, byte[] json) in known.Variants)
            {
                if (ReferenceEquals(variant, allowed) || variant.SequenceEqual(allowed))
                {
                    return json;
                }
            }
        }
        else
        {
            known = null;
        }

        byte[] fresh = JsonSerializer.SerializeToUtf8Bytes(view.ToPeer(tailnet, node, allowed), TailcfgJson.Default.Node);
        ImmutableArray<(IReadOnlyList<IPNetwork>, byte[])> others = known is null || known.Variants.Length >= MaxVariants ? [] : known.Variants;
        made[node.Id] = new Made(node, others.Add((allowed, fresh)));
        return fresh;
    }

    /// <summary>Drops what belongs to nodes that are gone.</summary>
    public void Trim(Tailnet tailnet)
    {
        foreach (long id in made.Keys.Where(id => !tailnet.Nodes.ContainsKey(id)).ToArray())
        {
            made.TryRemove(id, out _);
        }
    }

    sealed record Made(NodeRecord Node, ImmutableArray<(IReadOnlyList<IPNetwork> Allowed, byte[] Json)> Variants);
}
