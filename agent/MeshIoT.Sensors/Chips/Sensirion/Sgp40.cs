using System;
using System.Collections.Generic;
using System.Globalization;
using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Sensirion;

/// <summary>
/// SGP40: the raw signal of a metal oxide in air with volatile gases (data sheet SGP40 §4.5): it falls when there is more of them. It is compensated
/// with temperature and humidity of another sensor where the entry names one, otherwise with 25 °C and 50 %. The index that the maker's program
/// makes of it is not given: its method is published as program text only.
/// </summary>
public sealed class Sgp40 : SensirionChip
{
    static ReadOnlySpan<byte> MeasureCommand => [0x26, 0x0F];

    static ReadOnlySpan<byte> SelfTestCommand => [0x28, 0x0E];

    static ReadOnlySpan<byte> SerialCommand => [0x36, 0x82];

    const ushort SelfTestPassed = 0xD400;

    readonly string? companion;

    Sgp40(SensorEntry entry, IWiring wiring)
        : base(entry, wiring, 0x59, [new ChipValue("voc_raw", "voc_raw", "", 1, 65_534, 0)])
    {
        companion = entry.Options.GetValueOrDefault("compensate_with");
        if (companion == entry.Id)
        {
            throw Faults.SettingMalformed.With("compensate_with", companion, entry.Origin, "the id of another sensor").ToException();
        }
    }

    /// <summary>The driver <c>sgp40</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("sgp40", "raw signal of volatile gases, falling with more of them (Sensirion SGP40)", static (entry, wiring) => new Sgp40(entry, wiring))
        {
            Bus = "i2c", Addresses = [0x59], Probe = static (device, wiring) => Answers(device, wiring, SerialCommand, 3), ProbeWrites = 2,
            Options = new Dictionary<string, string> { ["compensate_with"] = "id of a sensor that has temperature and humidity" },
        },
    ];

    /// <inheritdoc/>
    protected override void Begin()
    {
        // 320 ms at most, table 9.
        Span<ushort> result = stackalloc ushort[1];
        Ask(SelfTestCommand, 330, result);
        if (result[0] != SelfTestPassed)
        {
            throw ChipException.Nonsense(string.Create(CultureInfo.InvariantCulture, $"its self-test fails (0x{result[0]:X4})"));
        }
    }

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        double? humidity = companion is null ? null : Wiring.ValueOf(companion + ".humidity");
        double? temperature = companion is null ? null : Wiring.ValueOf(companion + ".temperature");
        Span<byte> command = stackalloc byte[8];
        MeasureCommand.CopyTo(command);
        Put(Ticks((humidity ?? 50) / 100), command[2..]);
        Put(Ticks(((temperature ?? 25) + 45) / 175), command[5..]);

        // 30 ms at most, table 9.
        Span<ushort> raw = stackalloc ushort[1];
        Ask(command, 31, raw);
        values[0] = raw[0];
    }

    static ushort Ticks(double share) => (ushort)Math.Round(Math.Clamp(share, 0, 1) * 65535);
}
