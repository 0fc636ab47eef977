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

    /// <summary>
    /// When the value that the last <see cref="Read"/> gave was measured: at the time of that reading, unless a device that is told its values knows
    /// better. The time of the last reading again says that there is nothing new.
    /// </summary>
    /// <param name="channel">Index into <see cref="Channels"/>.</param>
    /// <param name="unixMs">The time of the reading.</param>
    public virtual long TimeOf(int channel, long unixMs) => unixMs;

    /// <summary>
    /// Called before a device of the same id takes the place of <paramref name="before"/>, which is disposed of next: what must outlast a change of the
    /// configuration (a count) is taken from it here. Neither is being read meanwhile.
    /// </summary>
    public virtual void TakeOver(SensorDevice before)
    {
    }

    /// <summary>
    /// Asks to be read as soon as the lane is free, not only on the beat: something has happened. Any thread; cheap, and asking again before the
    /// reading changes nothing.
    /// </summary>
    protected void AskToBeRead() => Asking?.Invoke();

    /// <summary>Where <see cref="AskToBeRead"/> goes.</summary>
    internal Action? Asking { get; set; }

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
