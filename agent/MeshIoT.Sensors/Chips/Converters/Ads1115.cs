using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Converters;

/// <summary>
/// ADS1115: four voltages against ground with 16 bits, each converted once for a reading (TI SBAS444, §9.6). Everything the chip must know is written
/// with each conversion, so that it may lose its power at any time.
/// </summary>
public sealed class Ads1115 : I2cChip
{
    const byte ConversionAt = 0, ConfigAt = 1, LowThresholdAt = 2, HighThresholdAt = 3;

    /// <summary>Start, single shot, 128 samples a second, comparator off.</summary>
    const int Start = 0x8000, SingleShot = 0x0100, Rate128 = 0x0080, NoComparator = 0x0003;

    /// <summary>By the gain's field, table 8-3: full scale in V.</summary>
    static readonly double[] FullScale = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256];

    readonly int[] channels;
    readonly int gain;

    Ads1115(SensorEntry entry, IWiring wiring, int[] channels)
        : base(entry, wiring, 0x48, [.. channels.Select(c => ChipValue.Voltage(string.Create(CultureInfo.InvariantCulture, $"a{c}"), -6.144, 6.144, 5))]) =>
        (this.channels, gain) = (channels, ChipOptions.Choice(entry, "gain", "1", "2/3", "1", "2", "4", "8", "16"));

    /// <summary>The driver <c>ads1115</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("ads1115", "four voltages, 16 bits (Texas Instruments ADS1115)", static (entry, wiring) => new Ads1115(entry, wiring, ChipOptions.Channels(entry, "channels", 4)))
        {
            Bus = "i2c", Addresses = [0x48, 0x49, 0x4A, 0x4B], Probe = HasThresholds,
            Options = new Dictionary<string, string>
            {
                ["gain"] = "2/3 (±6.144 V), 1 (±4.096 V), 2 (±2.048 V), 4 (±1.024 V), 8 (±0.512 V) or 16 (±0.256 V)",
                ["channels"] = "channels from 0 to 3 such as \"0,1\" (default: all)",
            },
        },
    ];

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        for (int i = 0; i < channels.Length; i++)
        {
            values[i] = Convert(channels[i]);
        }
    }

    double Convert(int channel)
    {
        int config = ((4 + channel) << 12) | (gain << 9) | SingleShot | Rate128 | NoComparator;
        Write(ConfigAt, (byte)((config | Start) >> 8), (byte)config);

        // 1/128 s, 10 % slower at most.
        Wait(9);
        int now;
        for (int i = 0; ((now = ReadWord(ConfigAt)) & Start) == 0; i++)
        {
            Wait(i < 10 ? 1 : throw ChipException.Silent("its conversion does not end"));
        }

        if ((now & ~Start) != config)
        {
            throw ChipException.WrongChip(string.Create(CultureInfo.InvariantCulture, $"it does not keep its settings (0x{now:X4} for 0x{config:X4})"));
        }

        short raw = (short)ReadWord(ConversionAt);
        return raw is short.MaxValue or short.MinValue
            ? throw ChipException.Nonsense(string.Create(CultureInfo.InvariantCulture, $"input {channel} is beyond ±{FullScale[gain]} V; set a smaller gain or divide the voltage"))
            : raw * FullScale[gain] / 32768;
    }

    // It has no identification. Its thresholds after power-up are what no thermometer of these addresses holds; nobody changes them here.
    static bool HasThresholds(System.Device.I2c.I2cDevice device, IWiring wiring)
    {
        Span<byte> low = stackalloc byte[2], high = stackalloc byte[2];
        device.WriteRead([LowThresholdAt], low);
        device.WriteRead([HighThresholdAt], high);
        return low is [0x80, 0x00] && high is [0x7F, 0xFF];
    }
}
