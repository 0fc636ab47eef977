using System;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Chips;

/// <summary>What a chip did wrong, on its way from the driver to <see cref="ChipDevice.Read"/>, which makes a report of it. Leaves no reading.</summary>
/// <param name="fault">One of the faults of a sensor.</param>
/// <param name="seen">What was seen: "the checksum is wrong".</param>
/// <param name="cause">What it comes from.</param>
public sealed class ChipException(Fault fault, string seen, Exception? cause = null) : Exception(seen, cause)
{
    /// <summary>One of the faults of a sensor: id and what was seen fill its blanks.</summary>
    public Fault Fault => fault;

    /// <summary>The chip does not answer.</summary>
    public static ChipException Silent(string seen) => new(Faults.SensorSilent, seen);

    /// <summary>What it answers is damaged or cannot be.</summary>
    public static ChipException Nonsense(string seen) => new(Faults.SensorNonsense, seen);

    /// <summary>It is another chip.</summary>
    public static ChipException WrongChip(string seen) => new(Faults.SensorWrongChip, seen);

    /// <summary>It works and has nothing to give now.</summary>
    public static ChipException Empty(string why) => new(Faults.SensorEmpty, why);
}
