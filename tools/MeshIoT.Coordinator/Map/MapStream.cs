using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator;

/// <summary>
/// One node's long poll: a first frame with everything, then frames with what has changed, and a keep-alive where nothing has.
/// Changes are collected for a moment before they go out, the longer the more nodes there are (25 ms, and 0.1 ms a node, at most 2 s):
/// a thousand nodes that come back together cost each stream a few frames, not a thousand.
/// </summary>
internal sealed class MapStream(StateWriter writer, MapFrames frames, CoordinatorLimits limits, TimeProvider time, PipeWriter output, bool zstd)
{
    static readonly TimeSpan CoalescePerNode = TimeSpan.FromMilliseconds(0.1), LongestCoalesce = TimeSpan.FromSeconds(2);

    HashSet<long> shown = [];

    /// <summary>Runs until <paramref name="ended"/>, the client leaves, or the node is removed.</summary>
    public async Task RunAsync(long nodeId, CancellationToken ended)
    {
        Tailnet tailnet = writer.Current;
        if (!tailnet.Nodes.TryGetValue(nodeId, out NodeRecord? self))
        {
            return;
        }

        List<NodeRecord> visible = Visibility.Of(self, tailnet, time.GetUtcNow());
        Write(frames.First(self, visible));
        shown = [.. visible.Select(n => n.Id)];
        while (await FlushAsync(ended).ConfigureAwait(false))
        {
            Task outdated = tailnet.Outdated.Task;
            await outdated.WaitAsync(NextKeepAlive(), time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
            {
                return;
            }

            if (!outdated.IsCompleted)
            {
                FrameEncoder.WriteKeepAlive(output, zstd);
                continue;
            }

            await Task.Delay(CoalesceFor(tailnet), time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Tailnet next = writer.Current;
            if (!next.Nodes.TryGetValue(nodeId, out NodeRecord? nextSelf))
            {
                Write(frames.Farewell(self, [.. shown]));
                await FlushAsync(ended).ConfigureAwait(false);
                return;
            }

            WriteChanges(next, nextSelf, tailnet.Revision, self.SelfRevision);
            (tailnet, self) = (next, nextSelf);
        }
    }

    // What only others see of this node is nothing to it: then there is no frame at all.
    void WriteChanges(Tailnet tailnet, NodeRecord self, long since, long selfSince)
    {
        List<NodeRecord> visible = Visibility.Of(self, tailnet, time.GetUtcNow());
        List<NodeRecord> changed = visible.FindAll(n => n.PeerRevision > since || !shown.Contains(n.Id));
        HashSet<long> now = [.. visible.Select(n => n.Id)];
        List<long> removed = [.. shown.Where(id => !now.Contains(id))];
        bool selfChanged = self.SelfRevision != selfSince;
        if (selfChanged || changed.Count > 0 || removed.Count > 0)
        {
            Write(frames.Next(selfChanged ? self : null, changed, removed));
            shown = now;
        }
    }

    void Write(PooledBuffer frame)
    {
        using (frame)
        {
            FrameEncoder.Write(output, frame.Written, zstd);
        }
    }

    TimeSpan NextKeepAlive()
    {
        (TimeSpan shortest, TimeSpan longest) = limits.KeepAlive;
        return shortest + ((longest - shortest) * Random.Shared.NextDouble());
    }

    TimeSpan CoalesceFor(Tailnet tailnet)
    {
        TimeSpan wait = limits.Coalesce + (CoalescePerNode * tailnet.Nodes.Count);
        return wait < LongestCoalesce ? wait : LongestCoalesce;
    }

    // False: the client has gone or does not read.
    async Task<bool> FlushAsync(CancellationToken ended)
    {
        using CancellationTokenSource stuck = CancellationTokenSource.CreateLinkedTokenSource(ended);
        stuck.CancelAfter(limits.WriteTimeout);
        try
        {
            FlushResult flushed = await output.FlushAsync(stuck.Token).ConfigureAwait(false);
            return !flushed.IsCompleted && !flushed.IsCanceled && !ended.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
