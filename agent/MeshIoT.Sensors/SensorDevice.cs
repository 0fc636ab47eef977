using System;
using System.Collections.Generic;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>
/// Something that gives one or several values in one reading: a chip on a bus, a file of the kernel, a program. Drivers derive from it and are
/// registered in <see cref="Drivers"/> at compile time. A device is read by one thread at a time.
/// </summary>
public abstract class SensorDevice : IDisposable
{
    /// <summary>Describes the device's values.</summary>
    /// <param name="channels">One for each value, in the order in which <see cref="Read"/> gives them; at least one.</param>
    /// <param name="lane">What it shares with others: devices of one lane are read one after another ("i2c-1", "host").</param>
    protected SensorDevice(IReadOnlyList<SensorDescription> channels, string lane)
    {
        ArgumentOutOfRangeException.ThrowIfZero(channels.Count);
        (Channels, Lane) = (channels, lane);
    }

    /// <summary>What its values are.</summary>
    public IReadOnlyList<SensorDescription> Channels { get; }

    /// <summary>Devices of one lane are read one after another; a lane that hangs holds up no other.</summary>
    public string Lane { get; }

    /// <summary>
    /// Reads all values now. Never throws for a faulty device: a value that could not be had is NaN, and the fault says why. May block for as long
    /// as the hardware needs, a second at most unless the driver says so.
    /// </summary>
    /// <param name="unixMs">The time of this reading, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="values">One place for each of <see cref="Channels"/>, NaN at first; in their units.</param>
    /// <returns>Null when all went well.</returns>
    public abstract FaultReport? Read(long unixMs, Span<double> values);

    /// <summary>Gives the hardware back.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the hardware back.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
