using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Web.Http;
using MeshIoT.Web.Routing;

namespace MeshIoT.Web.Live;

/// <summary>
/// Readings, their quality and the gateway's health as they change: <c>/api/v1/events</c>, server-sent events. While nobody reads there is no timer, and
/// nobody listens to the sampler. Each message is made once for all readers.
/// </summary>
public sealed class LiveEvents : IDisposable
{
    /// <summary>Readers at once, in all and from one address.</summary>
    public const int MostReaders = 32, MostOfOne = 8;

    /// <summary>How often the sensors are looked over for values that have become old, and health for what is new.</summary>
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>Every so many beats a comment goes out: 25 s.</summary>
    const int HeartbeatBeats = 5;

    readonly Func<string> name;
    readonly Sampler sampler;
    readonly Outputs? outputs;
    readonly Func<IReadOnlyList<FaultDto>> health;
    readonly TimeProvider time;
    readonly Lock gate = new();
    readonly List<LiveClient> clients = [];
    readonly Dictionary<string, Quality> told = new(StringComparer.Ordinal);
    ITimer? timer;
    FaultDto[] toldHealth = [];
    int beats;
    long givenUp;
    bool isDisposed;

    internal LiveEvents(GatewayContext context, Func<IReadOnlyList<FaultDto>> health) =>
        (name, sampler, outputs, this.health, time) = (context.Name, context.Sampler, context.Outputs, health, context.Time);

    /// <summary>Readers now.</summary>
    public int Readers
    {
        get
        {
            lock (gate)
            {
                return clients.Count;
            }
        }
    }

    /// <summary>Whether a timer runs.</summary>
    internal bool IsAwake => timer is not null;

    /// <summary>Readers given up because they fell behind.</summary>
    public long GivenUp => Volatile.Read(ref givenUp);

    internal IEnumerable<WebRoute> Routes =>
    [
        new("GET", "/api/v1/events", "watch", "Readings, their quality and the gateway's health as they change, as server-sent events.", call => new(Open(call.Request)))
        {
            ContentType = "text/event-stream",
            Description = "sensors: all of them, once (SensorList). readings: those that have changed (SensorList). health: what is wrong now (Health), at first and when "
                + "it changes. outputs: those that have changed, at first all (Outputs). A comment every 25 s. A reader that falls behind is closed and should come again.",
            Problems = [503],
        },
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            foreach (LiveClient client in clients)
            {
                client.End();
            }
        }
    }

    HttpResponse Open(HttpRequest request)
    {
        if (request.Method == "HEAD")
        {
            return new HttpResponse(200, "text/event-stream", default);
        }

        LiveClient client = new(request.Caller.Address);
        return TryJoin(client, out int readers)
            ? new HttpResponse(200, "text/event-stream", default) { Writer = (body, gone) => RunAsync(client, body, gone) }
            : HttpResponse.Problem(Faults.TooManyStreams.With(readers), 503) with { RetryAfterSeconds = 30 };
    }

    async Task RunAsync(LiveClient client, HttpBody body, CancellationToken gone)
    {
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            SensorDto[] sensors = SensorMapping.ToDtos(sampler.Latest(now.ToUnixTimeMilliseconds()));
            await body.WriteAsync(ServerSentEvent.Retry).ConfigureAwait(false);
            await body.WriteAsync(ServerSentEvent.Of("sensors", new SensorListDto(name(), now, sensors), GatewayJson.Default.SensorListDto)).ConfigureAwait(false);
            await body.WriteAsync(ServerSentEvent.Of("health", new HealthDto(health()), GatewayJson.Default.HealthDto)).ConfigureAwait(false);
            if (outputs is { Current: { Count: > 0 } all })
            {
                await body.WriteAsync(Message(all)).ConfigureAwait(false);
            }

            await client.RunAsync(body, gone).ConfigureAwait(false);
        }
        finally
        {
            Leave(client);
        }
    }

    bool TryJoin(LiveClient client, out int readers)
    {
        lock (gate)
        {
            readers = clients.Count;
            if (isDisposed || readers >= MostReaders || (client.Address is not null && clients.Count(c => client.Address.Equals(c.Address)) >= MostOfOne))
            {
                return false;
            }

            clients.Add(client);
            if (clients.Count == 1)
            {
                toldHealth = [.. health()];
                told.Clear();
                beats = 0;
                sampler.Sampled += Publish;
                if (outputs is not null)
                {
                    outputs.Changed += Publish;
                }

                timer = time.CreateTimer(static live => ((LiveEvents)live!).Look(), this, Beat, Beat);
            }

            return true;
        }
    }

    void Leave(LiveClient client)
    {
        lock (gate)
        {
            client.End();
            if (clients.Remove(client) && clients.Count == 0)
            {
                Rest();
            }
        }
    }

    void Rest()
    {
        sampler.Sampled -= Publish;
        if (outputs is not null)
        {
            outputs.Changed -= Publish;
        }

        timer?.Dispose();
        timer = null;
    }

    // On the lane's thread: one message is made, and given to queues.
    void Publish(IReadOnlyList<Reading> readings)
    {
        lock (gate)
        {
            if (clients.Count == 0)
            {
                return;
            }

            foreach (Reading reading in readings)
            {
                told[reading.Sensor.Id] = reading.Quality;
            }

            Give(ServerSentEvent.Of("readings", new SensorListDto(name(), time.GetUtcNow(), SensorMapping.ToDtos(readings)), GatewayJson.Default.SensorListDto));
        }
    }

    void Publish(OutputState changed)
    {
        lock (gate)
        {
            if (clients.Count > 0)
            {
                Give(Message([changed]));
            }
        }
    }

    static byte[] Message(IReadOnlyList<OutputState> states) =>
        ServerSentEvent.Of("outputs", new OutputsDto([.. states.Select(OutputMapping.ToDto)]), GatewayJson.Default.OutputsDto);

    void Look()
    {
        FaultDto[] now = [.. health()];
        DateTimeOffset at = time.GetUtcNow();
        IReadOnlyList<Reading> latest = sampler.Latest(at.ToUnixTimeMilliseconds());
        lock (gate)
        {
            if (clients.Count == 0)
            {
                return;
            }

            Reading[] changed = [.. latest.Where(reading => told.TryGetValue(reading.Sensor.Id, out Quality before) ? before != reading.Quality : reading.Quality == Quality.Stale)];
            foreach (Reading reading in changed)
            {
                told[reading.Sensor.Id] = reading.Quality;
            }

            if (changed.Length > 0)
            {
                Give(ServerSentEvent.Of("readings", new SensorListDto(name(), at, SensorMapping.ToDtos(changed)), GatewayJson.Default.SensorListDto));
            }

            if (!now.SequenceEqual(toldHealth))
            {
                toldHealth = now;
                Give(ServerSentEvent.Of("health", new HealthDto(now), GatewayJson.Default.HealthDto));
            }

            if (++beats % HeartbeatBeats == 0)
            {
                Give(ServerSentEvent.Heartbeat);
            }
        }
    }

    void Give(byte[] message)
    {
        for (int i = clients.Count - 1; i >= 0; i--)
        {
            if (!clients[i].TryGive(message))
            {
                clients.RemoveAt(i);
                Interlocked.Increment(ref givenUp);
            }
        }

        if (clients.Count == 0)
        {
            Rest();
        }
    }
}
