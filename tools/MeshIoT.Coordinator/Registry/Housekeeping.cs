using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>
/// What must happen without anybody asking: ephemeral nodes that stayed away go, keys that are over are announced at that moment,
/// NAT mappings that were held back are told, refusals are summed up.
/// </summary>
internal sealed class Housekeeping(StateWriter writer, PeerJson peers, RefusalLedger refused, CoordinatorLimits limits, TimeProvider time, CoordinatorLog log)
    : ITailnetObserver
{
    static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30), ShortestSleep = TimeSpan.FromMilliseconds(10);

    readonly DateTimeOffset started = time.GetUtcNow();
    readonly SemaphoreSlim wake = new(0, 1);
    long dueAt = long.MaxValue;
    DateTimeOffset summedUp = time.GetUtcNow();

    /// <inheritdoc/>
    public void Published(TailnetEdit edit)
    {
        foreach (long id in edit.ShownNodes)
        {
            if (edit.Current.Nodes.TryGetValue(id, out NodeRecord? node) && DueAt(node).UtcTicks < Interlocked.Read(ref dueAt))
            {
                Wake();
                return;
            }
        }
    }

    /// <summary>Runs until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        writer.Observe(this);
        while (!stopping.IsCancellationRequested)
        {
            DateTimeOffset now = time.GetUtcNow();
            try
            {
                await SweepAsync(now).ConfigureAwait(false);
                if (now - summedUp >= limits.RefusalSummary)
                {
                    summedUp = now;
                    await refused.WriteAsync().ConfigureAwait(false);
                }
            }
            catch (FaultException e)
            {
                log.Fault(e.Report);
            }

            await SleepAsync(stopping).ConfigureAwait(false);
        }
    }

    /// <summary>One round: what is due at <paramref name="now"/>.</summary>
    public async Task SweepAsync(DateTimeOffset now)
    {
        peers.Trim(writer.Current);

        // Looking costs little; the writer is asked only when something is due.
        if (!writer.Current.Nodes.Values.Any(n => DueAt(n) <= now))
        {
            return;
        }

        List<NodeRecord> removed = await writer.ChangeAsync(edit =>
        {
            List<NodeRecord> gone = [.. edit.Current.Nodes.Values.Where(n => GoneAt(n) <= now)];
            foreach (NodeRecord node in gone)
            {
                edit.Remove(node);
                edit.Audit(new AuditEntry(now, "coordinator", "node.delete", node.StableId, $"{node.Label} was ephemeral, and away for too long"));
            }

            foreach (NodeRecord node in edit.Current.Nodes.Values.Where(n => DueAt(n) <= now).ToList())
            {
                if (node.KeyExpiry <= now && !node.Expired)
                {
                    edit.Audit(new AuditEntry(now, "coordinator", "node.expire", node.StableId, $"{node.Label}: its key is over"));
                }

                edit.Put(node with { ShownEndpoints = node.Endpoints, ShownEndpointsAt = now }, Show.Everybody, store: false);
            }

            return gone;
        }).ConfigureAwait(false);
        removed.ForEach(n => log.NodeRemoved(n.Id, n.Label, "ephemeral, and away for too long"));
    }

    async Task SleepAsync(CancellationToken stopping)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset due = writer.Current.Nodes.Values.Select(DueAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        Interlocked.Exchange(ref dueAt, due.UtcTicks);
        TimeSpan sleep = due - now;
        sleep = sleep > LongestSleep ? LongestSleep : sleep < ShortestSleep ? ShortestSleep : sleep;
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(wake.WaitAsync(over.Token), Task.Delay(sleep, time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }

    void Wake()
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is on its way already.
        }
    }

    DateTimeOffset DueAt(NodeRecord node)
    {
        DateTimeOffset due = GoneAt(node);
        due = node is { KeyExpiry: { } expiry, Expired: false } && expiry < due ? expiry : due;
        DateTimeOffset told = node.Endpoints.AsSpan().SequenceEqual(node.ShownEndpoints.AsSpan()) ? DateTimeOffset.MaxValue : node.ShownEndpointsAt + NodeReport.MappingPause;
        return told < due ? told : due;
    }

    // After a restart everybody gets the whole time again to come back.
    DateTimeOffset GoneAt(NodeRecord node) =>
        !node.Ephemeral || node.Online ? DateTimeOffset.MaxValue : (node.LastSeen is { } at && at > started ? at : started) + limits.EphemeralTimeout;
}
