using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Alerts.Delivery;
using MeshIoT.Health;
using MeshIoT.History;

namespace MeshIoT.Alerts;

/// <summary>
/// Runs an <see cref="AlertEngine"/>: looks when it is poked and when the engine wants to, keeps what is open, puts messages into a spool of their own
/// before anything else, and has couriers take them from there. It sleeps while nothing changes.
/// </summary>
public sealed class AlertDesk : IAsyncDisposable
{
    static readonly SpoolOptions Kept = new() { MaxBytes = 16_000_000, MaxAge = TimeSpan.FromDays(7) };

    readonly Lock gate = new();
    readonly string directory;
    readonly Func<string> source;
    readonly Func<IEnumerable<KeyValuePair<string, FaultReport>>> faults;
    readonly TimeProvider time;
    readonly Action<string, FaultReport?> health;
    readonly SemaphoreSlim poked = new(1, 1);
    readonly CancellationTokenSource stop = new();
    readonly OpenAlertFile file;
    readonly AlertEngine engine;
    readonly Task running;
    List<Courier> couriers = [];
    Spool? spool;

    /// <summary>Begins with what was open when the program ended; tells nobody before <see cref="UseAsync"/>.</summary>
    /// <param name="directory">State directory; it exists.</param>
    /// <param name="source">Who speaks: this machine's name.</param>
    /// <param name="faults">All that is wrong now, by topic; any thread.</param>
    /// <param name="time">The clock.</param>
    /// <param name="health">Told what is wrong with the deliveries themselves; null: nothing any more.</param>
    public AlertDesk(
        string directory, Func<string> source, Func<IEnumerable<KeyValuePair<string, FaultReport>>> faults, TimeProvider time, Action<string, FaultReport?> health)
    {
        (this.directory, this.source, this.faults, this.time, this.health) = (directory, source, faults, time, health);
        file = new OpenAlertFile(Path.Combine(directory, "alerts.json"));
        engine = new AlertEngine(new AlertRules(), file.Read(), time.GetUtcNow());
        running = Task.Run(RunAsync);
    }

    /// <summary>The alerts that people have been told of and that are not over.</summary>
    public IReadOnlyList<OpenAlert> Open => engine.Open;

    /// <summary>Told of every message, on the desk's thread; must not throw.</summary>
    public event Action<AlertMessage>? Told;

    /// <summary>Goes by these options from now on. What waits for a delivery that stays is sent by it.</summary>
    public async Task UseAsync(AlertOptions options)
    {
        List<Courier> before;
        lock (gate)
        {
            engine.Use(options.Rules);
            (before, couriers) = (couriers, []);
        }

        foreach (Courier courier in before)
        {
            await courier.DisposeAsync().ConfigureAwait(false);
        }

        lock (gate)
        {
            if (options.HasDeliveries)
            {
                spool ??= Spool.Open(Path.Combine(directory, "alerts.db"), Kept, time);
                foreach (WebhookOptions webhook in options.Webhooks)
                {
                    couriers.Add(new Courier(new WebhookDelivery(webhook), spool, time, health));
                }

                if (options.Email is { } email)
                {
                    couriers.Add(new Courier(new EmailDelivery(email), spool, time, health));
                }
            }
        }

        Poke();
    }

    /// <summary>Something has changed.</summary>
    public void Poke()
    {
        lock (poked)
        {
            if (poked.CurrentCount == 0)
            {
                poked.Release();
            }
        }
    }

    /// <summary>Has a message sent that says that it is a test.</summary>
    public void Test() => Send([new AlertNotice(AlertKind.Raised, "test", Faults.AlertTest.With(), time.GetUtcNow(), time.GetUtcNow(), 0)]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (Courier courier in couriers)
        {
            await courier.DisposeAsync().ConfigureAwait(false);
        }

        spool?.Dispose();
        stop.Dispose();
    }

    async Task RunAsync()
    {
        IReadOnlyList<OpenAlert> kept = engine.Open;
        while (!stop.IsCancellationRequested)
        {
            TimeSpan sleep;
            lock (gate)
            {
                DateTimeOffset now = time.GetUtcNow();
                Send(engine.Look(faults(), now));
                sleep = engine.NextLook - now ?? Timeout.InfiniteTimeSpan;
                if (!ReferenceEquals(kept, engine.Open))
                {
                    kept = engine.Open;
                    file.Write(kept);
                }
            }

            await SleepAsync(sleep).ConfigureAwait(false);
        }
    }

    async Task SleepAsync(TimeSpan sleep)
    {
        using CancellationTokenSource due = sleep == Timeout.InfiniteTimeSpan ? new CancellationTokenSource()
            : new CancellationTokenSource(sleep > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : sleep, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, stop.Token);
        await poked.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void Send(IReadOnlyList<AlertNotice> notices)
    {
        if (notices.Count == 0)
        {
            return;
        }

        List<SpoolItem> items = [];
        foreach (AlertNotice notice in notices)
        {
            AlertMessage message = AlertMessage.From(notice, source());
            items.Add(new SpoolItem(message.Topic, message.ToJson(), notice.At.ToUnixTimeMilliseconds()));
            Told?.Invoke(message);
        }

        lock (gate)
        {
            if (couriers.Count > 0)
            {
                spool!.Append(items, isUrgent: true);
                couriers.ForEach(static c => c.Wake());
            }
        }
    }
}
