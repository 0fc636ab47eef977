using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <content>The loop: wait until a connection is wanted, dial the region's relays in order, live with the connection, pause after a failure.</content>
internal sealed partial class RegionLink
{
    async Task RunAsync()
    {
        int failures = 0;
        while (!stop.IsCancellationRequested)
        {
            if (!IsWanted(clock.Now))
            {
                Queue.Trim();
                Batches.Trim();
                await wake.WaitAsync().ConfigureAwait(false);
                failures = 0;
                continue;
            }

            (DialedRelay? dialed, FaultReport? fault) = await DialAsync(failures).ConfigureAwait(false);
            TimeSpan atLeast = TimeSpan.Zero;
            if (dialed is not null)
            {
                long startedMs = clock.Now;
                (fault, atLeast) = await LiveAsync(dialed).ConfigureAwait(false);
                failures = clock.Now - startedMs >= RelayTimes.Good ? 0 : failures;
            }

            if (fault is null || stop.IsCancellationRequested)
            {
                NoteChanged();
                continue;
            }

            failures++;
            Volatile.Write(ref lastFault, fault);
            NoteChanged();
            TimeSpan wait = RelayBackoff.Next(failures, fault.Fault, Random01());
            await PauseAsync(wait > atLeast ? wait : atLeast).ConfigureAwait(false);
        }
    }

    async Task<(DialedRelay? Dialed, FaultReport? Fault)> DialAsync(int failures)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(RelayTimes.Connect), options.Time);
        FaultReport? fault = null;
        for (int i = 0; i < region.Nodes.Count && !limit.IsCancellationRequested; i++)
        {
            RelayNode node = region.Nodes[i];
            bool isLast = i == region.Nodes.Count - 1;
            int mostMs = isLast ? RelayTimes.Connect : Math.Min(RelayTimes.Node * (1 + failures), RelayTimes.LongestNode);
            (DialedRelay? dialed, FaultReport? why) = await DialOneAsync(node, mostMs, i == 0 ? null : region.Nodes[0].Name, limit.Token).ConfigureAwait(false);
            if (dialed is not null || stop.IsCancellationRequested)
            {
                return (dialed, null);
            }

            fault = why ?? fault;
        }

        return (null, fault ?? Faults.RelayRegionUnusable.With(region.Code));
    }

    [SuppressMessage("Design", "CA1031", Justification = "a relay that cannot be dialled is a fault to show, whatever the reason")]
    async Task<(DialedRelay? Dialed, FaultReport? Fault)> DialOneAsync(RelayNode node, int mostMs, string? idealNode, CancellationToken limit)
    {
        using CancellationTokenSource own = new(TimeSpan.FromMilliseconds(mostMs), options.Time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(own.Token, limit, stop.Token);
        try
        {
            return (await dialer.DialAsync(node, Describe(node), idealNode is { Length: > 0 } ? idealNode : null, linked.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException)
        {
            return (null, Faults.RelayUnreachable.With(Describe(node), $"no answer within {Math.Min(mostMs, RelayTimes.Connect) / 1000.0:0.#} s"));
        }
        catch (FaultException e)
        {
            return (null, e.Report);
        }
        catch (Exception e)
        {
            return (null, RelayFaults.From(e, Describe(node)));
        }
    }

    async Task<(FaultReport? Fault, TimeSpan AtLeast)> LiveAsync(DialedRelay dialed)
    {
        using RelayConnection current = new(this, options, dialed, clock);
        Volatile.Write(ref connection, current);
        if (stop.IsCancellationRequested)
        {
            current.End(null);
        }

        FaultReport? fault = await current.RunAsync().ConfigureAwait(false);
        Volatile.Write(ref connection, null);
        NoteSince();
        return (fault, current.RestartsIn);
    }

    // Not cut short by packets: they wait in the queue, and go stale there.
    async Task PauseAsync(TimeSpan wait)
    {
        using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        SetPause(cut);
        await Task.Delay(wait, options.Time, cut.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        SetPause(null);
    }

    void SetPause(CancellationTokenSource? cut)
    {
        lock (wake)
        {
            pause = cut;
        }
    }

    double Random01()
    {
        byte[] bytes = new byte[4];
        options.Random.Fill(bytes, 0, bytes.Length);
        return BitConverter.ToUInt32(bytes) / (uint.MaxValue + 1.0);
    }
}
