using System;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace MeshIoT.Derp;

/// <summary>
/// An auto-reset event that one task awaits: whoever changes something sets it, the task looks again. A set without a waiter is
/// remembered. Waiting allocates nothing; the waiter's code never runs on the thread that sets.
/// </summary>
internal sealed class Signal : IValueTaskSource
{
    const int Idle = 0, Waiting = 1, Remembered = 2;

    ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    int state;

    /// <summary>Waits for the next <see cref="Set"/>; may return for no reason. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        core.Reset();
        if (Interlocked.CompareExchange(ref state, Waiting, Idle) == Idle)
        {
            return new ValueTask(this, core.Version);
        }

        Volatile.Write(ref state, Idle);
        return default;
    }

    /// <summary>Lets the waiter go, or the next one. Never blocks.</summary>
    public void Set()
    {
        while (true)
        {
            int seen = Volatile.Read(ref state);
            if (seen == Remembered)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref state, seen == Waiting ? Idle : Remembered, seen) == seen)
            {
                if (seen == Waiting)
                {
                    core.SetResult(true);
                }

                return;
            }
        }
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
