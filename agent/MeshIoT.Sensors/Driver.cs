using System;
using System.Collections.Generic;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors;

/// <summary>A driver as the registry knows it: what it is called, what an entry may say, how it is made.</summary>
/// <param name="Name">As in an entry's <c>driver</c>: the chip's name in small letters.</param>
/// <param name="Summary">One line for people: what it measures, over which bus.</param>
/// <param name="Create">
/// Makes the device an entry describes, without waiting for hardware: a chip that is not there is found when it is read. Throws a fault for an
/// entry that cannot be right.
/// </param>
public sealed record Driver(string Name, string Summary, Func<SensorEntry, IWiring, SensorDevice> Create)
{
    /// <summary>Kind of bus: "i2c", "spi", "gpio", "w1", "program"; empty: none.</summary>
    public string Bus { get; init; } = "";

    /// <summary>I2C addresses that the chip can have, the usual one first.</summary>
    public IReadOnlyList<int> Addresses { get; init; } = [];

    /// <summary>Options of its own that an entry may have: name, and what a value must be.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Says whether the chip at an I2C address is one of this driver's, without changing its state; null where that cannot be told, and then
    /// the address alone speaks for it. The wiring is for waits.
    /// </summary>
    public Func<System.Device.I2c.I2cDevice, IWiring, bool>? Probe { get; init; }

    /// <summary>Bytes that <see cref="Probe"/> writes: 1 is a register's number and harmless everywhere. A scan asks the most harmless question first.</summary>
    public int ProbeWrites { get; init; } = 1;

    /// <summary>True for drivers of outputs (relays, PWM, displays) rather than sensors.</summary>
    public bool IsOutput { get; init; }
}
