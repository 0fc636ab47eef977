using System;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>
/// Something that can be set: a relay, a dimmer. Drivers derive from it and are registered in <see cref="OutputDrivers"/> at compile time. The hardware
/// is opened when it is first set, with that value from the first moment, and opened anew after an error. One thread at a time.
/// </summary>
/// <param name="description">What it is.</param>
public abstract class OutputDevice(OutputDescription description) : IDisposable
{
    /// <summary>What it is.</summary>
    public OutputDescription Description => description;

    /// <summary>Sets it; never throws for a faulty device.</summary>
    /// <param name="value">Within its bounds; 0 or 1 for a switch.</param>
    /// <returns>Null when it is so; otherwise why not, and then nobody knows how it is.</returns>
    public abstract FaultReport? TrySet(double value);

    /// <summary>What the hardware says it is set to; never throws for a faulty device.</summary>
    /// <param name="value">The value; meaningless with a fault.</param>
    public abstract FaultReport? TryRead(out double value);

    /// <summary>Gives the hardware back as it is.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the hardware back as it is.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
