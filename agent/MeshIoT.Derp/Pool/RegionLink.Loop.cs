using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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
            Task woken = WokenAsync();
            if (!IsWanted(clock.Now))
            {
                Queue.Trim();
                Batches.Trim();
                failures = 0;
                await woken.ConfigureAwait(false);
                continue;
            }

            Outcome outcome = await OnOwnThreadAsync(failures).ConfigureAwait(false);
            failures = outcome.WasGood ? 0 : failures;
            if (outcome.Fault is not { } fault || stop.IsCancellationRequested)
            {
                NoteChanged();
                continue;
            }

            failures++;
            Volatile.Write(ref lastFault, fault);
            NoteChanged();
            TimeSpan wait = RelayBackoff.Next(failures, fault.Fault, Random01());
            await PauseAsync(wait > outcome.AtLeast ? wait : outcome.AtLeast).ConfigureAwait(false);
        }
    }

    // Dialling and reading block; a thread is there only while a connection is.
    Task<Outcome> OnOwnThreadAsync(int failures)
    {
        TaskCompletionSource<Outcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => done.SetResult(DialAndLive(failures)), RelayConnection.StackBytes) { IsBackground = true, Name = "relay " + region.Code }.Start();
        return done.Task;
    }

    Outcome DialAndLive(int failures)
    {
        (DialedRelay? dialed, FaultReport? fault) = Dial(failures);
        if (dialed is null)
        {
            return TakeCutShort() ? default : new(fault, TimeSpan.Zero, WasGood: false);
        }

        long startedMs = clock.Now;
        using RelayConnection current = new(this, options, dialed, clock);
        Volatile.Write(ref connection, current);
        if (stop.IsCancellationRequested)
        {
            current.End(null);
        }

        fault = current.Run();
        Volatile.Write(ref connection, null);
        NoteSince();
        return new(fault, current.RestartsIn, WasGood: clock.Now - startedMs >= RelayTimes.Good);
    }

    (DialedRelay? Dialed, FaultReport? Fault) Dial(int failures)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(RelayTimes.Connect), options.Time);
        SetDialing(limit);
        try
        {
            return Dial(failures, limit.Token);
        }
        finally
        {
            SetDialing(null);
        }
    }

    (DialedRelay? Dialed, FaultReport? Fault) Dial(int failures, CancellationToken limit)
    {
        FaultReport? fault = null;
        for (int i = 0; i < region.Nodes.Count && !limit.IsCancellationRequested; i++)
        {
            RelayNode node = region.Nodes[i];
            bool isLast = i == region.Nodes.Count - 1;
            int mostMs = isLast ? RelayTimes.Connect : Math.Min(RelayTimes.Node * (1 + failures), RelayTimes.LongestNode);
            (DialedRelay? dialed, FaultReport? why) = DialOne(node, mostMs, i == 0 ? null : region.Nodes[0].Name, limit);
            if (dialed is not null || stop.IsCancellationRequested)
            {
                return (dialed, null);
            }

            fault = why ?? fault;
        }

        return (null, fault ?? Faults.RelayRegionUnusable.With(region.Code));
    }

    [SuppressMessage("Design", "CA1031", Justification = "a relay that cannot be dialled is a fault to show, whatever the reason")]
    (DialedRelay? Dialed, FaultReport? Fault) DialOne(RelayNode node, int mostMs, string? idealNode, CancellationToken limit)
    {
        using CancellationTokenSource own = new(TimeSpan.FromMilliseconds(mostMs), options.Time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(own.Token, limit, stop.Token);
        try
        {
            return (dialer.Dial(node, Describe(node), idealNode is { Length: > 0 } ? idealNode : null, linked.Token), null);
        }
        catch (OperationCanceledException)
        {
            return (null, Faults.RelayUnreachable.With(Describe(node), string.Create(CultureInfo.InvariantCulture, $"no answer within {mostMs / 1000.0:0.#} s")));
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

    void SetDialing(CancellationTokenSource? limit)
    {
        lock (wake)
        {
            (dialing, dialingSinceMs, isCutShort) = (limit, clock.Now, isCutShort && limit is null);
        }
    }

    // True: the network changed under the dial; the next one comes at once.
    bool TakeCutShort()
    {
        lock (wake)
        {
            bool was = isCutShort;
            isCutShort = false;
            return was;
        }
    }

    Task WokenAsync()
    {
        lock (wake)
        {
            if (woken.Task.IsCompleted)
            {
                woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return woken.Task;
        }
    }

    double Random01()
    {
        byte[] bytes = new byte[4];
        options.Random.Fill(bytes, 0, bytes.Length);
        return BitConverter.ToUInt32(bytes) / (uint.MaxValue + 1.0);
    }

    readonly record struct Outcome(FaultReport? Fault, TimeSpan AtLeast, bool WasGood);
}
