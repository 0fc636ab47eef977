using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>
/// Who is online: a node with at least one live stream, or whose last stream ended less than the grace time ago.
/// Streams are counted, so that an old one that dies late takes nobody offline; a new stream ends the node's earlier one.
/// </summary>
internal sealed class Presence(StateWriter writer, CoordinatorLimits limits, TimeProvider time, CoordinatorLog log, CancellationToken stopping)
{
    readonly Dictionary<long, Entry> nodes = [];

    /// <summary>Opens a stream for <paramref name="nodeId"/> under <paramref name="key"/>, ends its earlier one, and makes the node online.</summary>
    public async Task<Lease> OpenAsync(long nodeId, NodePublicKey key)
    {
        Lease lease;
        Lease? earlier;
        lock (nodes)
        {
            if (!nodes.TryGetValue(nodeId, out Entry? entry))
            {
                nodes[nodeId] = entry = new Entry();
            }

            entry.Streams++;
            entry.Generation++;
            earlier = entry.Latest;
            entry.Latest = lease = new Lease(this, nodeId);
        }

        earlier?.End();
        try
        {
            await SetOnlineAsync(nodeId, key).ConfigureAwait(false);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Ends the node's stream, if it has one.</summary>
    public void EndStream(long nodeId)
    {
        Lease? latest;
        lock (nodes)
        {
            latest = nodes.TryGetValue(nodeId, out Entry? entry) ? entry.Latest : null;
        }

        latest?.End();
    }

    void Close(Lease lease)
    {
        int generation;
        lock (nodes)
        {
            Entry entry = nodes[lease.NodeId];
            entry.Latest = ReferenceEquals(entry.Latest, lease) ? null : entry.Latest;
            if (--entry.Streams > 0)
            {
                return;
            }

            generation = entry.Generation;
        }

        _ = GoOfflineAfterGraceAsync(lease.NodeId, generation);
    }

    async Task GoOfflineAfterGraceAsync(long nodeId, int generation)
    {
        await Task.Delay(limits.OfflineGrace, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        lock (nodes)
        {
            if (!nodes.TryGetValue(nodeId, out Entry? entry) || entry.Streams > 0 || entry.Generation != generation)
            {
                return;
            }

            nodes.Remove(nodeId);
        }

        try
        {
            await SetOfflineAsync(nodeId).ConfigureAwait(false);
        }
        catch (FaultException e) when (!stopping.IsCancellationRequested)
        {
            // Only the last-seen time is lost.
            log.Fault(e.Report);
        }
        catch (FaultException)
        {
            // The coordinator stops, and notes when it last saw everybody.
        }
    }

    // A netmap under the new node key says that the node has it: the key before it is over, and the one-off key that let it in is spent for good.
    Task<bool> SetOnlineAsync(long nodeId, NodePublicKey key) => writer.ChangeAsync(edit =>
    {
        if (edit.Current.Nodes.TryGetValue(nodeId, out NodeRecord? node))
        {
            bool hasTaken = key == node.NodeKey && (!node.Mapped || node.PreviousNodeKey is not null);
            if (hasTaken || !node.Online)
            {
                NodeRecord next = hasTaken ? node with { Online = true, Mapped = true, PreviousNodeKey = null } : node with { Online = true };
                edit.Put(next, node.Online ? Show.Nobody : Show.Peers, store: hasTaken);
            }
        }

        return true;
    });

    Task<bool> SetOfflineAsync(long nodeId) => writer.ChangeAsync(edit =>
    {
        bool isBack;
        lock (nodes)
        {
            isBack = nodes.ContainsKey(nodeId);
        }

        if (!isBack && edit.Current.Nodes.TryGetValue(nodeId, out NodeRecord? node) && node.Online)
        {
            edit.Put(node with { Online = false, LastSeen = time.GetUtcNow() }, Show.Peers);
        }

        return true;
    });

    /// <summary>One stream's claim that its node is online. Dispose it when the stream is over, however it ended.</summary>
    internal sealed class Lease(Presence presence, long nodeId) : IDisposable
    {
        readonly CancellationTokenSource ended = new();
        int disposed;

        public long NodeId => nodeId;

        /// <summary>Set when a newer stream of the same node has taken over.</summary>
        public CancellationToken Ended => ended.Token;

        public void End() => ended.Cancel();

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
            {
                presence.Close(this);
            }
        }
    }

    sealed class Entry
    {
        public int Streams { get; set; }

        public int Generation { get; set; }

        public Lease? Latest { get; set; }
    }
}
