using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator;

/// <summary>
/// One node's long poll: a first frame, then a frame for what has changed, and a keep-alive where nothing has.
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

        FrameEncoder.Write(output, frames.First(tailnet, self).Span, zstd);
        Remember(tailnet, self);
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
                FrameEncoder.Write(output, frames.Farewell(self, shown).Span, zstd);
                await FlushAsync(ended).ConfigureAwait(false);
                return;
            }

            // A change of what only others see of this node is nothing to it.
            bool selfChanged = nextSelf.SelfRevision != self.SelfRevision;
            if (selfChanged || PeersChanged(next, tailnet.Revision, nodeId))
            {
                FrameEncoder.Write(output, frames.Next(next, nextSelf, selfChanged, shown).Span, zstd);
                Remember(next, nextSelf);
            }

            (tailnet, self) = (next, nextSelf);
        }
    }

    bool PeersChanged(Tailnet tailnet, long since, long nodeId)
    {
        int others = 0;
        foreach (NodeRecord node in tailnet.Nodes.Values)
        {
            if (node.Id != nodeId)
            {
                others++;
                if (node.PeerRevision > since || !shown.Contains(node.Id))
                {
                    return true;
                }
            }
        }

        return others != shown.Count;
    }

    void Remember(Tailnet tailnet, NodeRecord self)
    {
        shown = self.IsExpired(time.GetUtcNow()) ? [] : [.. tailnet.Nodes.Keys];
        shown.Remove(self.Id);
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
