using System.Net;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Node.Engine;

/// <summary>Asks how the peer that has a tailnet address is reached.</summary>
/// <param name="target">The address.</param>
internal sealed class PathQuery(IPAddress target) : EngineWork
{
    readonly TaskCompletionSource<PathFacts> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer.</summary>
    public Task<PathFacts> Done => done.Task;

    /// <inheritdoc/>
    public override void Run(PacketEngine engine, long nowMs)
    {
        if (engine.FactsOf(target, nowMs) is { } facts)
        {
            done.SetResult(facts);
        }
        else
        {
            done.SetException(Faults.NoSuchNode.With(target).ToException());
        }
    }

    /// <inheritdoc/>
    public override void Abandon() => done.SetException(Faults.NotInTailnet.With().ToException());
}
