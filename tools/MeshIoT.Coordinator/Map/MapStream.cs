using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;

namespace MeshIoT.Coordinator;

/// <summary>
/// One node's long poll: a queue of frames and the loop that writes them. It works nothing out: <see cref="MapHub"/> hands it what it is to send,
/// the same frame to all who are to get the same. A client that does not read is ended, not waited for.
/// </summary>
/// <param name="nodeId">Whose it is.</param>
/// <param name="key">The node key that it was opened with.</param>
/// <param name="zstd">Frames are to be compressed.</param>
/// <param name="output">Where they go.</param>
internal sealed class MapStream(long nodeId, NodePublicKey key, bool zstd, PipeWriter output)
{
    const int MaxQueuedFrames = 1024, MaxQueuedBytes = 64 * 1024 * 1024;

    readonly object gate = new();
    List<MapFrame>? queue;
    TaskCompletionSource? waiting;
    int queuedBytes;
    bool isOver;
    long beganAt = -1;

    public long NodeId => nodeId;

    public NodePublicKey Key => key;

    /// <summary>It has seen everything that was passed on: the next pass begins where it stands.</summary>
    public bool IsFollowing { get; set; }

    /// <summary>When it is to say that it is alive, in the hub's ticks.</summary>
    public long KeepAliveAt { get; set; }

    /// <summary>When the write that has not returned began, in the hub's ticks; 0: none is on its way.</summary>
    public long WritingSince { get; private set; }

    /// <summary>Bytes that have gone out.</summary>
    public long Sent { get; private set; }

    /// <summary>Has <paramref name="frame"/> sent after those before it; once over, nothing is.</summary>
    public void Send(MapFrame frame)
    {
        lock (gate)
        {
            if (isOver || frame.Revision <= beganAt)
            {
                return;
            }

            (queue ??= []).Add(frame);
            queuedBytes += frame.Size;
            isOver = queue.Count > MaxQueuedFrames || queuedBytes > MaxQueuedBytes;
            Wake();
        }
    }

    /// <summary>Ends it after what is queued.</summary>
    public void End()
    {
        lock (gate)
        {
            isOver = true;
            Wake();
        }
    }

    /// <summary>Breaks off a write that does not return.</summary>
    public void Abort()
    {
        End();
        output.CancelPendingFlush();
    }

    /// <summary>Has <paramref name="first"/> sent before everything else; of what is queued already, what leads no further than it does is left out.</summary>
    public void Begin(MapFrame first)
    {
        lock (gate)
        {
            beganAt = first.Revision;
            queue ??= [];
            queue.RemoveAll(f => f.Revision <= beganAt);
            queue.Insert(0, first);
            queuedBytes += first.Size;
            Wake();
        }
    }

    /// <summary>Sends what comes, until the end.</summary>
    /// <param name="ticks">The hub's clock.</param>
    /// <param name="ended">Ends it at once.</param>
    public async Task RunAsync(Func<long> ticks, CancellationToken ended)
    {
        using CancellationTokenRegistration _ = ended.UnsafeRegister(static stream => ((MapStream)stream!).Abort(), this);
        while (Next() is { } ready)
        {
            // Nothing was there to be written: then this one completes when something is.
            await ready.ConfigureAwait(false);
            if (!await FlushAsync(ticks, ended).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    // Writes what is queued; null: the stream is over. Apart from the loop, which would otherwise keep the last frames until the next ones.
    Task? Next()
    {
        List<MapFrame>? frames;
        lock (gate)
        {
            (frames, queue, queuedBytes) = (queue, null, 0);
            if (frames is null)
            {
                waiting = isOver ? null : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return waiting?.Task;
            }
        }

        foreach (MapFrame frame in frames)
        {
            Write(frame);
        }

        return Task.CompletedTask;
    }

    void Wake()
    {
        waiting?.TrySetResult();
        waiting = null;
    }

    void Write(MapFrame frame)
    {
        byte[] bytes = frame.Encoded(zstd);
        System.Buffers.BuffersExtensions.Write(output, bytes);
        Sent += bytes.Length;
    }

    // False: the client has gone or does not read. Flushing with nothing new to send is cheap and tells whether it is still there.
    async ValueTask<bool> FlushAsync(Func<long> ticks, CancellationToken ended)
    {
        if (ended.IsCancellationRequested)
        {
            return false;
        }

        WritingSince = ticks();
        FlushResult flushed = await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        WritingSince = 0;
        return !flushed.IsCompleted && !flushed.IsCanceled && !ended.IsCancellationRequested;
    }
}
