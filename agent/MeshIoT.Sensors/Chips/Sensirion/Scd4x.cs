using System;
using System.Collections.Generic;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Sensirion;

/// <summary>
/// SCD40, SCD41, SCD43: CO₂, temperature, humidity. The chip measures by itself every five seconds (data sheet SCD4x §3.6); a reading takes what is
/// ready, and what was ready last while that is young. One that gives nothing for longer has lost its power and is started again.
/// </summary>
public sealed class Scd4x : SensirionChip
{
    /// <summary>Commands of tables 9 and following.</summary>
    static ReadOnlySpan<byte> StartCommand => [0x21, 0xB1];

    static ReadOnlySpan<byte> StopCommand => [0x3F, 0x86];

    static ReadOnlySpan<byte> ReadCommand => [0xEC, 0x05];

    static ReadOnlySpan<byte> IsReadyCommand => [0xE4, 0xB8];

    static ReadOnlySpan<byte> SerialCommand => [0x36, 0x82];

    /// <summary>A value comes every 5 s; three times that, and something is wrong.</summary>
    const int LongestSilenceMs = 15_000, OldestMs = 12_000;

    readonly ushort altitude;
    readonly double[] last = new double[3];
    long lastMs, startedMs;

    Scd4x(SensorEntry entry, IWiring wiring)
        : base(entry, wiring, 0x62, [new ChipValue("carbon_dioxide", "carbon_dioxide", "ppm", 1, 40_000, 0), ChipValue.Temperature(-10, 60), ChipValue.Humidity]) =>
        altitude = (ushort)ChipOptions.Number(entry, "altitude", 0, 0, 3000);

    /// <summary>The driver <c>scd4x</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("scd4x", "CO₂, temperature, humidity (Sensirion SCD40, SCD41)", static (entry, wiring) => new Scd4x(entry, wiring))
        {
            Bus = "i2c", Addresses = [0x62], Probe = static (device, wiring) => Answers(device, wiring, IsReadyCommand, 1), ProbeWrites = 2,
            Options = new Dictionary<string, string> { ["altitude"] = "metres above the sea from 0 to 3000, for the air's pressure" },
        },
    ];

    /// <inheritdoc/>
    protected override void Begin()
    {
        // A chip that measures knows few commands; it takes half a second to stop, §3.6.3.
        Write(StopCommand);
        Wait(500);
        Span<ushort> serial = stackalloc ushort[3];
        Ask(SerialCommand, 1, serial);
        if (altitude > 0)
        {
            Span<byte> set = [0x24, 0x27, 0, 0, 0];
            Put(altitude, set[2..]);
            Write(set);
            Wait(1);
        }

        Write(StartCommand);
        Wait(1);
        startedMs = Wiring.MonotonicMs;
        lastMs = long.MinValue;
    }

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        long now = Wiring.MonotonicMs;
        if (IsReady())
        {
            Span<ushort> words = stackalloc ushort[3];
            Ask(ReadCommand, 1, words);
            (last[0], last[1], last[2]) = (words[0], -45 + (175 * words[1] / 65535.0), 100 * words[2] / 65535.0);
            lastMs = startedMs = now;
        }
        else if (now - startedMs > LongestSilenceMs)
        {
            throw ChipException.Silent("it has measured nothing for 15 s; it is started again");
        }
        else if (lastMs == long.MinValue || now - lastMs > OldestMs)
        {
            throw ChipException.Empty("the first measurement takes five seconds");
        }

        last.CopyTo(values);
    }

    /// <summary>The low eleven bits are not zero when a measurement waits, §3.9.2.</summary>
    bool IsReady()
    {
        Span<ushort> status = stackalloc ushort[1];
        Ask(IsReadyCommand, 1, status);
        return (status[0] & 0x07FF) != 0;
    }
}
