using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>What must happen without anybody asking: ephemeral nodes that stayed away go, and keys that expire are announced.</summary>
internal sealed class Housekeeping(StateWriter writer, PeerJson peers, CoordinatorLimits limits, TimeProvider time, CoordinatorLog log)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    readonly DateTimeOffset started = time.GetUtcNow();

    /// <summary>Runs until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        DateTimeOffset last = time.GetUtcNow();
        while (true)
        {
            await Task.Delay(Interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            DateTimeOffset now = time.GetUtcNow();
            try
            {
                await SweepAsync(last, now).ConfigureAwait(false);
                last = now;
            }
            catch (FaultException e)
            {
                log.Fault(e.Report);
            }
        }
    }

    /// <summary>One round: what became due after <paramref name="last"/>, up to <paramref name="now"/>.</summary>
    public async Task SweepAsync(DateTimeOffset last, DateTimeOffset now)
    {
        peers.Trim(writer.Current);

        // Looking costs nothing; the writer is asked only when something is due.
        if (!writer.Current.Nodes.Values.Any(n => IsGone(n, now) || HasJustExpired(n, last, now)))
        {
            return;
        }

        List<NodeRecord> removed = await writer.ChangeAsync(edit =>
        {
            List<NodeRecord> gone = [.. edit.Current.Nodes.Values.Where(n => IsGone(n, now))];
            gone.ForEach(edit.Remove);
            foreach (NodeRecord expired in edit.Current.Nodes.Values.Where(n => HasJustExpired(n, last, now)).ToList())
            {
                edit.Put(expired, Show.Everybody, store: false);
            }

            return gone;
        }).ConfigureAwait(false);
        removed.ForEach(n => log.NodeRemoved(n.Id, n.Label, "ephemeral, and away for too long"));
    }

    // After a restart everybody gets the whole time again to come back.
    bool IsGone(NodeRecord node, DateTimeOffset now)
    {
        DateTimeOffset seen = node.LastSeen is { } at && at > started ? at : started;
        return node.Ephemeral && !node.Online && now - seen >= limits.EphemeralTimeout;
    }

    static bool HasJustExpired(NodeRecord node, DateTimeOffset last, DateTimeOffset now) => node.KeyExpiry > last && node.KeyExpiry <= now;
}
