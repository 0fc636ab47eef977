using System;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace MeshIoT.Node.Userspace;

/// <summary>
/// An auto-reset event one task can await: the engine thread says "look again", a reader or writer looks again.
/// A set without a waiter is remembered; waiting again and again reuses one object. The waiter's code never runs on the
/// thread that sets.
/// </summary>
internal sealed class AsyncGate : IValueTaskSource
{
    const int Idle = 0, Waiting = 1, Remembered = 2;

    static readonly Action<object?, CancellationToken> Cancel = static (gate, token) => ((AsyncGate)gate!).OnCancelled(token);

    ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    CancellationTokenRegistration registration;
    int state;

    /// <summary>Waits for the next <see cref="Set"/>; may also return for no reason, so check what you wait for. One at a time.</summary>
    public ValueTask WaitAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        core.Reset();
        if (Interlocked.CompareExchange(ref state, Waiting, Idle) != Idle)
        {
            Volatile.Write(ref state, Idle);
            return default;
        }

        if (ct.CanBeCanceled)
        {
            registration = ct.UnsafeRegister(Cancel, this);
        }

        return new ValueTask(this, core.Version);
    }

    /// <summary>Lets the waiter go, or the next one. Any thread; never blocks.</summary>
    public void Set()
    {
        while (true)
        {
            int seen = Volatile.Read(ref state);
            int next = seen == Waiting ? Idle : Remembered;
            if (seen == Remembered || Interlocked.CompareExchange(ref state, next, seen) == seen)
            {
                if (seen == Waiting)
                {
                    core.SetResult(true);
                }

                return;
            }
        }
    }

    void OnCancelled(CancellationToken token)
    {
        if (Interlocked.CompareExchange(ref state, Idle, Waiting) == Waiting)
        {
            core.SetException(new OperationCanceledException(token));
        }
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token)
    {
        // Waits for a cancellation that is just running, so that it cannot hit the next wait.
        registration.Dispose();
        registration = default;
        core.GetResult(token);
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
