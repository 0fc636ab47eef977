using System;

namespace MeshIoT.Sensors.Tests.Bus;

/// <summary>A chip on a fake bus: it sees what is written and fills what is read.</summary>
internal abstract class FakeChip
{
    public abstract void Write(ReadOnlySpan<byte> bytes);

    public abstract void Read(Span<byte> into);

    /// <summary>Power goes and comes: registers are as after a reset.</summary>
    public abstract void PowerCycle();

    /// <summary>Time goes by: measurements end.</summary>
    public virtual void Pass(int milliseconds)
    {
    }
}
