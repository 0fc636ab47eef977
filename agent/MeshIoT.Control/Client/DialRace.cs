using System;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>Runs a <see cref="DialPlan"/>: the first success wins, the other try is cancelled and whatever it still brings is disposed.</summary>
internal static class DialRace
{
    public static async Task<T> RunAsync<T>(
        DialPlan plan, Func<DialTarget, CancellationToken, Task<T>> dial, TimeProvider time, CancellationToken cancellationToken)
        where T : class, IAsyncDisposable
    {
        if (plan.Fallback is not { } fallback)
        {
            return await dial(plan.First, cancellationToken).ConfigureAwait(false);
        }

        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T> first = dial(plan.First, both.Token);
        await Task.WhenAny(first, Task.Delay(DialPlan.HeadStart, time, both.Token)).ConfigureAwait(false);
        if (first.IsCompletedSuccessfully)
        {
            await both.CancelAsync().ConfigureAwait(false);
            return await first.ConfigureAwait(false);
        }

        Task<T> second = dial(fallback, both.Token);
        Task<T> winner = await Task.WhenAny(first, second).ConfigureAwait(false);
        Task<T> other = winner == first ? second : first;
        if (!winner.IsCompletedSuccessfully)
        {
            try
            {
                return await other.ConfigureAwait(false);
            }
            catch (Exception) when (winner == (plan.FallbackIsPrimary ? second : first))
            {
                // Both failed: the one the person asked for speaks.
                return await winner.ConfigureAwait(false);
            }
        }

        await both.CancelAsync().ConfigureAwait(false);
        _ = other.ContinueWith(DisposeLoser, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return await winner.ConfigureAwait(false);
    }

    /// <summary>What comes too late is closed.</summary>
    internal static void DisposeLoser<T>(Task<T> loser)
        where T : class, IAsyncDisposable
    {
        if (loser.IsCompletedSuccessfully)
        {
            _ = loser.Result.DisposeAsync().AsTask();
        }
        else
        {
            _ = loser.Exception; // seen
        }
    }
}
