using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Crypto;

namespace MeshIoT.Relay;

/// <summary>Which clients here have had packets from a client of another relay, so that they can be told when that one is gone.</summary>
internal sealed class ReachedBook
{
    const int MaxSources = 20_000, MaxReceivers = 1024;

    readonly Dictionary<NodePublicKey, HashSet<NodePublicKey>> bySource = [];
    readonly Lock gate = new();

    /// <summary>Notes a packet; what is over the bounds is not noted: then those are told of nothing, and find out for themselves.</summary>
    public void Note(NodePublicKey source, NodePublicKey receiver)
    {
        lock (gate)
        {
            if (!bySource.TryGetValue(source, out HashSet<NodePublicKey>? receivers))
            {
                if (bySource.Count >= MaxSources)
                {
                    return;
                }

                bySource[source] = receivers = [];
            }

            if (receivers.Count < MaxReceivers)
            {
                receivers.Add(receiver);
            }
        }
    }

    /// <summary>The receivers of a source, which is then forgotten.</summary>
    public IReadOnlyCollection<NodePublicKey> Take(NodePublicKey source)
    {
        lock (gate)
        {
            return bySource.Remove(source, out HashSet<NodePublicKey>? receivers) ? receivers : [];
        }
    }
}
