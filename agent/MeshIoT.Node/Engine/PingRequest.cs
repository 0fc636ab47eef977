using System;
using System.Diagnostics;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Node.Engine;

/// <summary>One ping of a peer, made and answered on the engine thread, awaited on another.</summary>
/// <param name="target">The tailnet address.</param>
internal abstract class PingRequest(IPAddress target) : EngineWork
{
    readonly TaskCompletionSource<PingAnswer> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long startedAt;
    int settled;

    /// <summary>The tailnet address.</summary>
    public IPAddress Target { get; } = target;

    /// <summary>The answer; waits for ever when none comes.</summary>
    public Task<PingAnswer> Done => done.Task;

    /// <summary>Nobody waits any more; the engine forgets the request.</summary>
    public bool IsSettled => Volatile.Read(ref settled) != 0;

    /// <inheritdoc/>
    public override void Run(PacketEngine engine, long nowMs)
    {
        startedAt = Stopwatch.GetTimestamp();
        if (!IsSettled && Begin(engine, nowMs) is { } fault)
        {
            Fail(fault);
        }
    }

    /// <inheritdoc/>
    public override void Abandon() => Fail(Faults.NotInTailnet.With());

    /// <summary>Nobody waits any more.</summary>
    public void Settle() => Volatile.Write(ref settled, 1);

    /// <summary>Sends it; the reason when that cannot be. Engine thread.</summary>
    protected abstract FaultReport? Begin(PacketEngine engine, long nowMs);

    /// <summary>It was answered over the endpoint (18 bytes never changed, or null).</summary>
    protected void Succeed(byte[]? endpoint, int peerApiPort = 0)
    {
        Settle();
        done.TrySetResult(new PingAnswer(Stopwatch.GetElapsedTime(startedAt), endpoint, peerApiPort));
    }

    void Fail(FaultReport why)
    {
        Settle();
        done.TrySetException(why.ToException());
    }
}
