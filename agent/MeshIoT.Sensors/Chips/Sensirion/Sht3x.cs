using System;
using System.Collections.Generic;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Sensirion;

/// <summary>SHT30, SHT31, SHT35: temperature and humidity, one measurement of high repeatability for each reading (data sheet SHT3x-DIS §4.3, §4.13).</summary>
public sealed class Sht3x : SensirionChip
{
    /// <summary>Single shot, high repeatability, no clock stretching (table 9); the status register (table 17).</summary>
    static ReadOnlySpan<byte> MeasureCommand => [0x24, 0x00];

    static ReadOnlySpan<byte> StatusCommand => [0xF3, 0x2D];

    Sht3x(SensorEntry entry, IWiring wiring)
        : base(entry, wiring, 0x44, [ChipValue.Temperature(-45, 130), ChipValue.Humidity])
    {
    }

    /// <summary>The driver <c>sht3x</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("sht3x", "temperature, humidity (Sensirion SHT30, SHT31, SHT35)", static (entry, wiring) => new Sht3x(entry, wiring))
        {
            Bus = "i2c", Addresses = [0x44, 0x45], Probe = static (device, wiring) => Answers(device, wiring, StatusCommand, 1), ProbeWrites = 2,
        },
    ];

    /// <inheritdoc/>
    protected override void Begin()
    {
        // Another chip of this address does not know the command, or answers without these checksums.
        Span<ushort> status = stackalloc ushort[1];
        Ask(StatusCommand, 1, status);
    }

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        Span<ushort> words = stackalloc ushort[2];

        // 15.5 ms at most, table 4.
        Ask(MeasureCommand, 17, words);
        values[0] = -45 + (175 * words[0] / 65535.0);
        values[1] = 100 * words[1] / 65535.0;
    }
}
