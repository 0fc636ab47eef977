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

    // An expired node is shown nobody.
    bool isBlind;

    /// <summary>Runs until <paramref name="ended"/>, the client leaves, or the node is removed.</summary>
    public async Task RunAsync(long nodeId, CancellationToken ended)
    {
        Tailnet tailnet = writer.Current;
        if (!tailnet.Nodes.TryGetValue(nodeId, out NodeRecord? self))
        {
            return;
        }

        isBlind = self.IsExpired(time.GetUtcNow());
        Write(frames.First(self, isBlind ? [] : Others(tailnet, nodeId)));
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
                Write(frames.Farewell(self, isBlind ? [] : OtherIds(tailnet, nodeId)));
                await FlushAsync(ended).ConfigureAwait(false);
                return;
            }

            WriteChanges(tailnet, self, next, nextSelf);
            (tailnet, self) = (next, nextSelf);
        }
    }

    /// <summary>All nodes but one: everybody sees everybody, until a policy says otherwise.</summary>
    public static List<NodeRecord> Others(Tailnet tailnet, long nodeId) => [.. tailnet.Nodes.Values.Where(n => n.Id != nodeId)];

    static List<long> OtherIds(Tailnet tailnet, long nodeId) => [.. tailnet.Nodes.Keys.Where(id => id != nodeId)];

    // What was shown is not kept: the tailnet of the last frame, which all streams share, says it.
    // What only others see of this node is nothing to it: then there is no frame at all.
    void WriteChanges(Tailnet last, NodeRecord lastSelf, Tailnet next, NodeRecord self)
    {
        bool wasBlind = isBlind;
        isBlind = self.IsExpired(time.GetUtcNow());
        List<NodeRecord> changed = [];
        List<long> removed = [];
        if (isBlind)
        {
            removed = wasBlind ? [] : OtherIds(last, self.Id);
        }
        else
        {
            long since = wasBlind ? -1 : last.Revision;
            changed = [.. next.Nodes.Values.Where(n => n.PeerRevision > since && n.Id != self.Id)];
            removed = wasBlind || next.LastRemoval <= since ? [] : [.. last.Nodes.Keys.Where(id => !next.Nodes.ContainsKey(id))];
        }

        bool selfChanged = self.SelfRevision != lastSelf.SelfRevision;
        if (selfChanged || changed.Count > 0 || removed.Count > 0)
        {
            Write(frames.Next(selfChanged ? self : null, changed, removed));
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
