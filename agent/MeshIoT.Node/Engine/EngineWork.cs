namespace MeshIoT.Node.Engine;

/// <summary>Something another thread wants done on the engine thread; see <see cref="PacketEngine.Post(EngineWork)"/>.</summary>
internal abstract class EngineWork
{
    /// <summary>Does it. Runs between packets: short, and never blocking.</summary>
    public abstract void Run(PacketEngine engine, long nowMs);

    /// <summary>The engine stopped before it came to this.</summary>
    public virtual void Abandon()
    {
    }
}
