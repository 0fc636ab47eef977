using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;

namespace MeshIoT.Alerts.Delivery;

/// <summary>
/// Takes messages from the spool to one delivery, one after another, and tries for as long as they are kept: what was not taken goes again after ten
/// seconds, then ever more rarely, hourly at last. What could not be delivered survives a restart.
/// </summary>
internal sealed class Courier : IAsyncDisposable
{
    const int AtOnce = 16;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromHours(1);

    readonly IDelivery delivery;
    readonly Spool spool;
    readonly TimeProvider time;
    readonly Action<string, FaultReport?> health;
    readonly SemaphoreSlim wake = new(1, 1);
    readonly CancellationTokenSource stop = new();
    readonly Task running;

    public Courier(IDelivery delivery, Spool spool, TimeProvider time, Action<string, FaultReport?> health)
    {
        (this.delivery, this.spool, this.time, this.health) = (delivery, spool, time, health);
        running = Task.Run(RunAsync);
    }

    /// <summary>There is something new in the spool.</summary>
    public void Wake()
    {
        lock (wake)
        {
            if (wake.CurrentCount == 0)
            {
                wake.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        health("alerts:" + delivery.Name, null);
        delivery.Dispose();
        stop.Dispose();
    }

    async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            await wake.WaitAsync(stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (!stop.IsCancellationRequested && spool.Read(delivery.Name, AtOnce) is { Count: > 0 } waiting)
            {
                await DeliverAsync(waiting).ConfigureAwait(false);
            }
        }
    }

    async Task DeliverAsync(IReadOnlyList<SpooledItem> waiting)
    {
        TimeSpan pause = FirstPause;
        foreach (SpooledItem item in waiting)
        {
            // What cannot be read is given up: it would stand in the way for ever.
            while (AlertMessage.FromJson(item.Item.Payload.Span) is { } message && !stop.IsCancellationRequested)
            {
                string? why = await TryAsync(message).ConfigureAwait(false);
                if (why is null)
                {
                    pause = FirstPause;
                    health("alerts:" + delivery.Name, null);
                    break;
                }

                health("alerts:" + delivery.Name, Faults.AlertNotDelivered.With(delivery.Name, why));
                await Task.Delay(pause + (pause * (Random.Shared.NextDouble() / 4)), time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 3 > LongestPause ? LongestPause : pause * 3;
            }

            if (stop.IsCancellationRequested)
            {
                return;
            }

            spool.Acknowledge(delivery.Name, item.Id);
        }
    }

    async Task<string?> TryAsync(AlertMessage message)
    {
        try
        {
            return await delivery.SendAsync(message, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return "it was broken off";
        }
    }
}
