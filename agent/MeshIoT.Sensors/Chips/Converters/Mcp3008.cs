using System;
using System.Collections.Generic;
using System.Device.Spi;
using System.Globalization;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Converters;

/// <summary>MCP3008: eight voltages against ground with 10 bits on an SPI bus (Microchip DS21295D §5.0, §6.1). It keeps no state.</summary>
public sealed class Mcp3008 : ChipDevice
{
    /// <summary>Safe at 2.7 V and with long wires; 1.35 MHz is the limit there.</summary>
    const int ClockHz = 1_000_000;

    readonly int[] channels;
    readonly double reference;
    readonly SpiConnectionSettings settings;
    SpiDevice? device;

    Mcp3008(SensorEntry entry, IWiring wiring, int[] channels, SpiConnectionSettings settings)
        : base(entry, wiring, [.. channels.Select(c => ChipValue.Voltage(string.Create(CultureInfo.InvariantCulture, $"ch{c}"), 0, 5.5, 3))],
            string.Create(CultureInfo.InvariantCulture, $"spi-{settings.BusId}")) =>
        (this.channels, this.settings, reference) = (channels, settings, ChipOptions.Number(entry, "reference", 3.3, 0.25, 5.5));

    /// <summary>The driver <c>mcp3008</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("mcp3008", "eight voltages, 10 bits (Microchip MCP3008)",
            static (entry, wiring) => new Mcp3008(entry, wiring, ChipOptions.Channels(entry, "channels", 8), SettingsOf(entry)))
        {
            Bus = "spi",
            Options = new Dictionary<string, string>
            {
                ["channels"] = "channels from 0 to 7 such as \"0,1\" (default: all)", ["reference"] = "volts at VREF from 0.25 to 5.5 (default: 3.3)",
            },
        },
    ];

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        device ??= Wiring.Spi(settings);
        Span<byte> answer = stackalloc byte[3];
        for (int i = 0; i < channels.Length; i++)
        {
            // Start bit, single-ended, channel; then a bit that is always 0 and ten of value.
            device.TransferFullDuplex([0x01, (byte)(0x80 | (channels[i] << 4)), 0x00], answer);
            values[i] = (answer[1] & 0x04) == 0
                ? (((answer[1] & 0x03) << 8) | answer[2]) * reference / 1024
                : throw ChipException.Silent("nothing drives its data line");
        }
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        device?.Dispose();
        device = null;
    }

    static SpiConnectionSettings SettingsOf(SensorEntry entry)
    {
        string text = entry.Bus.Length > 0 ? entry.Bus : "spi-0.0";
        string[] parts = text.StartsWith("spi-", StringComparison.Ordinal) ? text[4..].Split('.', 3)
            : text.StartsWith("/dev/spidev", StringComparison.Ordinal) ? text[11..].Split('.', 3) : [];
        return parts.Length == 2 && TryNumber(parts[0], out int bus) && TryNumber(parts[1], out int line)
            ? new SpiConnectionSettings(bus, line) { ClockFrequency = ClockHz, Mode = SpiMode.Mode0 }
            : throw Faults.SettingMalformed.With("bus", text, entry.Origin, "an SPI bus and its chip select, such as \"spi-0.0\"").ToException();

        static bool TryNumber(string part, out int number) =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 255;
    }
}
