using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;

namespace MeshIoT.Mqtt.Broker;

/// <summary>Ends connections that stand still and sessions that are over. It sleeps until the next of them is due; without any it sleeps for ever.</summary>
internal sealed class DeadlineSweep : IDisposable
{
    /// <summary>What is due within this is looked at together.</summary>
    const long Coarse = 1000;

    readonly ConcurrentDictionary<StreamChannel, byte> channels = [];
    readonly TimeProvider time;
    readonly Func<long, long> others;
    readonly BrokerCounters counters;
    readonly ITimer timer;
    long armed = long.MaxValue;

    /// <param name="time">The clock.</param>
    /// <param name="counters">Counts the connections that were ended.</param>
    /// <param name="others">Does what else is due at that monotonic millisecond, and says when the next of it is.</param>
    public DeadlineSweep(TimeProvider time, BrokerCounters counters, Func<long, long> others)
    {
        (this.time, this.counters, this.others) = (time, counters, others);
        timer = time.CreateTimer(static state => ((DeadlineSweep)state!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The monotonic clock, milliseconds.</summary>
    public long Now => (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency));

    public void Add(StreamChannel channel)
    {
        channels[channel] = 0;
        Arm(channel.Deadline);
    }

    public void Remove(StreamChannel channel) => channels.TryRemove(channel, out _);

    /// <summary>Something is due at that time, if not before.</summary>
    public void Arm(long due)
    {
        lock (timer)
        {
            if (due < armed)
            {
                armed = due;
                timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(due - Now, 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => timer.Dispose();

    void Run()
    {
        lock (timer)
        {
            armed = long.MaxValue;
        }

        long now = Now, next = others(now);
        foreach (KeyValuePair<StreamChannel, byte> entry in channels)
        {
            long due = entry.Key.Deadline;
            if (due <= now)
            {
                counters.CountEnded();
                channels.TryRemove(entry.Key, out _);
                entry.Key.End("nothing came or left in time", 0x8D);
            }
            else
            {
                next = Math.Min(next, due);
            }
        }

        // A write may begin at any time: connections are looked at once a stall limit at least, which an idle one moves on by its keep-alive.
        if (next != long.MaxValue)
        {
            Arm(Math.Max(next, now + Coarse));
        }
    }
}
