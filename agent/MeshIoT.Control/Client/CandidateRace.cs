using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>Dials every <see cref="DialCandidate"/> after its delay: the first success wins, the others are cancelled and disposed.</summary>
internal static class CandidateRace
{
    /// <summary>What the winner brought; null if all failed, so that the name has to be looked up.</summary>
    public static async Task<T?> RunAsync<T>(
        IReadOnlyList<DialCandidate> candidates, Func<IPAddress, CancellationToken, Task<T>> dial, TimeProvider time, CancellationToken cancellationToken)
        where T : class, IAsyncDisposable
    {
        using CancellationTokenSource over = new(DialCandidate.Limit(candidates), time);
        using CancellationTokenSource all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        List<Task<T>> running = [.. candidates.Select(candidate => DialAsync(candidate, dial, time, all.Token))];
        T? winner = null;
        while (running.Count > 0 && winner is null)
        {
            Task<T> done = await Task.WhenAny(running).ConfigureAwait(false);
            running.Remove(done);
            winner = done.IsCompletedSuccessfully ? await done.ConfigureAwait(false) : null;
            _ = done.Exception; // seen
        }

        await all.CancelAsync().ConfigureAwait(false);
        foreach (Task<T> loser in running)
        {
            _ = loser.ContinueWith(DialRace.DisposeLoser, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        if (winner is null)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return winner;
    }

    static async Task<T> DialAsync<T>(DialCandidate candidate, Func<IPAddress, CancellationToken, Task<T>> dial, TimeProvider time, CancellationToken cancellationToken)
    {
        if (candidate.Delay > TimeSpan.Zero)
        {
            await Task.Delay(candidate.Delay, time, cancellationToken).ConfigureAwait(false);
        }

        using CancellationTokenSource deadline = new(candidate.Timeout, time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        return await dial(candidate.Address, linked.Token).ConfigureAwait(false);
    }
}
