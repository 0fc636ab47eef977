using System;
using System.Collections.Generic;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt.Publishing;

/// <summary>
/// Takes readings from the samplers' threads and gives them on, in order, on a task of its own: a lane is never held up by a broker. What is no value is
/// said once, when it begins; until it ends nothing more is said of that sensor.
/// </summary>
public sealed class ReadingPublisher : IAsyncDisposable
{
    /// <summary>Batches of readings that may wait; the oldest go first.</summary>
    const int MostWaiting = 1024;

    readonly Channel<IReadOnlyList<Reading>> queue;
    readonly Func<IReadOnlyList<OutgoingReading>, Task> send;
    readonly Func<GatewayTopics> topics;
    readonly TimeProvider time;
    readonly HashSet<string> silent = new(StringComparer.Ordinal);
    readonly Task running;
    long dropped;

    /// <param name="topics">The gateway's topics, as they are now.</param>
    /// <param name="send">Takes what goes out; does not throw.</param>
    /// <param name="time">The wall clock, for readings without a value.</param>
    public ReadingPublisher(Func<GatewayTopics> topics, Func<IReadOnlyList<OutgoingReading>, Task> send, TimeProvider time)
    {
        (this.topics, this.send, this.time) = (topics, send, time);
        queue = Channel.CreateBounded<IReadOnlyList<Reading>>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => System.Threading.Interlocked.Increment(ref dropped));
        running = RunAsync();
    }

    /// <summary>Batches that were dropped because nobody took them in time.</summary>
    public long Dropped => System.Threading.Interlocked.Read(ref dropped);

    /// <summary>Takes readings; any thread, returns at once.</summary>
    public void Take(IReadOnlyList<Reading> readings) => queue.Writer.TryWrite(readings);

    /// <summary>What a reading becomes; null when it says nothing new.</summary>
    internal OutgoingReading? Convert(Reading reading, GatewayTopics names)
    {
        if (reading is { Quality: Quality.Good, Value: { } value })
        {
            silent.Remove(reading.Sensor.Id);
            return new OutgoingReading(names.Of(reading.Sensor), ReadingJson.Write(value, reading.Sensor.Unit, reading.UnixMs, Quality.Good), reading.UnixMs, reading.Sensor, value);
        }

        if (reading.Quality == Quality.None || !silent.Add(reading.Sensor.Id))
        {
            return null;
        }

        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return new OutgoingReading(names.Of(reading.Sensor), ReadingJson.Write(null, reading.Sensor.Unit, now, Quality.Bad), now, reading.Sensor, null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await running;
    }

    async Task RunAsync()
    {
        await foreach (IReadOnlyList<Reading> readings in queue.Reader.ReadAllAsync())
        {
            GatewayTopics names = topics();
            List<OutgoingReading> outgoing = new(readings.Count);
            foreach (Reading reading in readings)
            {
                if (Convert(reading, names) is { } one)
                {
                    outgoing.Add(one);
                }
            }

            if (outgoing.Count > 0)
            {
                await send(outgoing);
            }
        }
    }
}
