using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator;

/// <summary>
/// Brings changes to the map streams. Changes are collected for a moment, then one pass works out what each of them means to those who can see
/// it, and to nobody else: its cost grows with the viewers of what changed, not with the number of nodes or streams. The pause between two passes
/// grows with the number of frames that the last one made (25 ms, and 50 µs a frame, at most 1 s): a thousand nodes that come back together
/// cost each stream a few frames, not a thousand. One timer keeps all streams alive.
/// </summary>
internal sealed class MapHub(StateWriter writer, MapFrames frames, CoordinatorLimits limits, TimeProvider time) : ITailnetObserver
{
    static readonly TimeSpan PausePerFrame = TimeSpan.FromMicroseconds(50), LongestPause = TimeSpan.FromSeconds(1), LongestTick = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<long, MapStream> streams = new();
    readonly SemaphoreSlim changed = new(0, 1);
    readonly TimeSpan tick = limits.KeepAlive.Shortest / 50 < LongestTick ? limits.KeepAlive.Shortest / 50 : LongestTick;
    readonly object gate = new();
    List<(MapStream Stream, Tailnet Began)> behind = [];
    MapChanges pending = new();
    Tailnet shown = writer.Current, published = writer.Current;
    long ticks = 1;

    /// <summary>Streams that are open.</summary>
    public int Streams => streams.Count;

    /// <summary>Frames that were handed to streams, keep-alives aside; a frame for many counts once for each.</summary>
    public long FramesSent { get; private set; }

    /// <summary>Bytes of JSON in them.</summary>
    public long BytesSent { get; private set; }

    /// <summary>The revision that streams have been told of.</summary>
    public long PassedOn { get; private set; }

    /// <inheritdoc/>
    public void Published(TailnetEdit edit)
    {
        lock (gate)
        {
            pending.Add(edit);
            published = edit.Current;
            if (changed.CurrentCount == 0)
            {
                changed.Release();
            }
        }
    }

    /// <summary>Passes changes on and keeps streams alive, until <paramref name="stopping"/>.</summary>
    public Task RunAsync(CancellationToken stopping)
    {
        writer.Observe(this);
        return Task.WhenAll(PassOnAsync(stopping), KeepAliveAsync(stopping));
    }

    /// <summary>Serves one stream until it ends; false, without <paramref name="start"/>, when there is no such node.</summary>
    public async Task<bool> ServeAsync(MapStream stream, Func<Task> start, CancellationToken ended)
    {
        streams[stream.NodeId] = stream;
        try
        {
            if (!writer.Current.Nodes.ContainsKey(stream.NodeId))
            {
                return false;
            }

            await start().ConfigureAwait(false);
            Begin(stream);
            await stream.RunAsync(() => Interlocked.Read(ref ticks), ended).ConfigureAwait(false);
            return true;
        }
        finally
        {
            streams.TryRemove(KeyValuePair.Create(stream.NodeId, stream));
        }
    }

    // What has changed already is in the first frame. If some of that has not been passed on yet, the next pass goes its own way for this stream,
    // from the tailnet of its first frame: what came and went in between would otherwise be nothing to the pass, and yet be in the frame. Apart from
    // the loop, which would otherwise keep this tailnet and this frame for as long as the stream lives.
    void Begin(MapStream stream)
    {
        Tailnet tailnet;
        lock (gate)
        {
            tailnet = writer.Current;
            stream.IsFollowing = tailnet.Revision == shown.Revision;
            if (!stream.IsFollowing)
            {
                behind.Add((stream, tailnet));
            }
        }

        if (tailnet.Nodes.TryGetValue(stream.NodeId, out NodeRecord? self))
        {
            stream.Begin(frames.First(tailnet, self, stream.Key));
            Postpone(stream);
        }
        else
        {
            stream.End();
        }
    }

    /// <summary>The stream of a node; null when it has none.</summary>
    internal MapStream? StreamOf(long nodeId) => streams.GetValueOrDefault(nodeId);

    /// <summary>The streams that stand where the last pass ended.</summary>
    internal IEnumerable<MapStream> Following() => streams.Values.Where(s => s.IsFollowing);

    /// <summary>Hands a frame to a stream and puts its keep-alive off.</summary>
    internal void Send(MapStream stream, MapFrame frame)
    {
        FramesSent++;
        BytesSent += frame.Size;
        Postpone(stream);
        stream.Send(frame);
    }

    async Task PassOnAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await changed.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            long before = FramesSent;
            PassOn();
            TimeSpan pause = limits.Coalesce + (PausePerFrame * (FramesSent - before));
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    void PassOn()
    {
        MapChanges changes;
        Tailnet was, now;
        List<(MapStream Stream, Tailnet Began)> late;

        // The tailnet that these changes led to, and not the writer's latest: that one may hold a change which is named only after this pass,
        // and would then look to the next one as if everybody had been told.
        lock (gate)
        {
            (changes, pending) = (pending, new MapChanges());
            (was, now) = (shown, published);
            shown = now;
            (late, behind) = (behind, behind.FindAll(b => b.Began.Revision > now.Revision));
        }

        new MapPass(this, frames, was, now, only: null).Run(changes);
        foreach ((MapStream stream, Tailnet began) in late)
        {
            if (began.Revision <= now.Revision)
            {
                if (began.Revision != now.Revision)
                {
                    new MapPass(this, frames, began, now, stream).Run(changes);
                }

                stream.IsFollowing = true;
            }
        }

        PassedOn = now.Revision;
    }

    async Task KeepAliveAsync(CancellationToken stopping)
    {
        long patience = Math.Max(1, (long)(limits.WriteTimeout / tick));
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(tick, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            long now = Interlocked.Increment(ref ticks);
            foreach ((_, MapStream stream) in streams)
            {
                if (stream.WritingSince is > 0 and var since && now - since > patience)
                {
                    stream.Abort();
                }
                else if (now >= stream.KeepAliveAt)
                {
                    Postpone(stream);
                    stream.Send(MapFrame.KeepAlive);
                }
            }
        }
    }

    void Postpone(MapStream stream)
    {
        TimeSpan wait = limits.KeepAlive.Shortest + ((limits.KeepAlive.Longest - limits.KeepAlive.Shortest) * Random.Shared.NextDouble());
        stream.KeepAliveAt = Interlocked.Read(ref ticks) + (long)(wait / tick);
    }
}
