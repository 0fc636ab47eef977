using System;
using System.Collections.Generic;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Sensirion;

/// <summary>SHT40, SHT41, SHT43, SHT45: temperature and humidity, one measurement of high precision for each reading (data sheet SHT4x §4.5, §4.6).</summary>
public sealed class Sht4x : SensirionChip
{
    /// <summary>High precision; the serial number (table 8).</summary>
    static ReadOnlySpan<byte> MeasureCommand => [0xFD];

    static ReadOnlySpan<byte> SerialCommand => [0x89];

    Sht4x(SensorEntry entry, IWiring wiring)
        : base(entry, wiring, 0x44, [ChipValue.Temperature(-45, 130), ChipValue.Humidity])
    {
    }

    /// <summary>The driver <c>sht4x</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("sht4x", "temperature, humidity (Sensirion SHT40, SHT41, SHT45)", static (entry, wiring) => new Sht4x(entry, wiring))
        {
            Bus = "i2c", Addresses = [0x44, 0x45, 0x46], Probe = static (device, wiring) => Answers(device, wiring, SerialCommand, 2),
        },
    ];

    /// <inheritdoc/>
    protected override void Begin()
    {
        Span<ushort> serial = stackalloc ushort[2];
        Ask(SerialCommand, 1, serial);
    }

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        Span<ushort> words = stackalloc ushort[2];

        // 8.3 ms at most, table 4.
        Ask(MeasureCommand, 10, words);
        values[0] = -45 + (175 * words[0] / 65535.0);

        // The line runs a little beyond both ends: the data sheet has it cropped.
        values[1] = Math.Clamp(-6 + (125 * words[1] / 65535.0), 0, 100);
    }
}
