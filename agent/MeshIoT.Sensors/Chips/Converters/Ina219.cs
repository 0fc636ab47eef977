using System;
using System.Collections.Generic;
using System.Globalization;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Converters;

/// <summary>
/// INA219: voltage of a supply, current through its shunt, power (TI SBOS448, §8.6). It measures all the time, each value the mean of 32 samples.
/// Current and power are worked out here from the shunt's voltage: the chip's own registers would need its calibration and round more.
/// </summary>
public sealed class Ina219 : I2cChip
{
    const byte ConfigAt = 0, ShuntAt = 1, BusAt = 2;

    /// <summary>32 V, ±320 mV, 32 samples of 12 bits for both, all the time (table 6-6).</summary>
    const ushort Config = 0x3EEF;

    /// <summary>Configuration after power-up, §8.6.2.1.</summary>
    const ushort PowerUp = 0x399F;

    /// <summary>LSB of the shunt's voltage, V; of the supply's, V; most at the shunt, V.</summary>
    const double ShuntStep = 10e-6, BusStep = 4e-3, MostAtShunt = 0.32;

    readonly double shunt;

    Ina219(SensorEntry entry, IWiring wiring, double shunt)
        : base(entry, wiring, 0x40,
            [
                ChipValue.Voltage("voltage", 0, 32, 3), new ChipValue("current", "current", "A", -MostAtShunt / shunt, MostAtShunt / shunt, 4),
                new ChipValue("power", "power", "W", -32 * MostAtShunt / shunt, 32 * MostAtShunt / shunt, 3),
            ]) => this.shunt = shunt;

    /// <summary>The driver <c>ina219</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("ina219", "voltage, current, power of a supply (Texas Instruments INA219)",
            static (entry, wiring) => new Ina219(entry, wiring, ChipOptions.Number(entry, "shunt", 0.1, 0.0001, 100)))
        {
            Bus = "i2c", Addresses = [0x40, 0x41, 0x44, 0x45, 0x42, 0x43, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F], Probe = HasConfig,
            Options = new Dictionary<string, string> { ["shunt"] = "ohms of the shunt from 0.0001 to 100 (default: 0.1, as on most boards)" },
        },
    ];

    /// <inheritdoc/>
    protected override void Begin()
    {
        Write(ConfigAt, Config >> 8, Config & 0xFF);

        // 32 samples of both take 34 ms; the first must be over.
        Wait(40);
        ushort now = ReadWord(ConfigAt);
        if (now != Config)
        {
            throw ChipException.WrongChip(string.Create(CultureInfo.InvariantCulture, $"it does not keep its settings (0x{now:X4} for 0x{Config:X4})"));
        }
    }

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        if (ReadWord(ConfigAt) != Config)
        {
            Begin();
        }

        double atShunt = (short)ReadWord(ShuntAt) * ShuntStep;
        double supply = (ReadWord(BusAt) >> 3) * BusStep;
        (values[0], values[1], values[2]) = (supply, atShunt / shunt, supply * atShunt / shunt);
    }

    // It has no identification: the settings after power-up or those of this driver speak for it.
    static bool HasConfig(System.Device.I2c.I2cDevice device, IWiring wiring)
    {
        Span<byte> config = stackalloc byte[2];
        device.WriteRead([ConfigAt], config);
        return ((config[0] << 8) | config[1]) is PowerUp or Config;
    }
}
