using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Host;

/// <summary>
/// A thermometer on a 1-Wire bus through the kernel's w1_therm, as an entry describes it: DS18B20, and DS18S20, DS1822, DS1825, DS28EA00. A conversion
/// takes up to 750 ms (data sheet DS18B20, 12 bits); all of a machine are read one after another.
/// </summary>
public sealed class Ds18b20 : SensorDevice
{
    readonly SensorEntry entry;
    readonly string root, serial;
    readonly int resolution;
    bool isResolved;

    Ds18b20(SensorEntry entry, IWiring wiring)
        : base(EntryChannel.Describe(entry, [new EntryChannel("temperature", "temperature", "°C")]), "w1")
    {
        EntryOptions options = new(entry.Options, entry.Origin);
        (this.entry, root, serial, resolution) = (entry, wiring.Root, options.Text("serial"), options.Whole("resolution", 0, 9, 12));
        if (serial.Length > 0 && (serial.Length > 15 || !serial.All(static c => char.IsAsciiHexDigitLower(c) || c == '-')))
        {
            throw options.Malformed("serial", "the name of a folder below /sys/bus/w1/devices, such as \"28-0316a2798bff\"");
        }
    }

    /// <summary>The driver <c>ds18b20</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("ds18b20", "1-Wire thermometer (DS18B20 and its kin) through the kernel's w1_therm", static (entry, wiring) => new Ds18b20(entry, wiring))
        {
            Bus = "w1",
            Options = new Dictionary<string, string>
            {
                ["serial"] = "which one, as in /sys/bus/w1/devices: \"28-0316a2798bff\"; it may be left out where there is one only",
                ["resolution"] = "bits from 9 (94 ms) to 12 (750 ms)",
            },
        },
    ];

    /// <inheritdoc/>
    public override FaultReport? Read(long unixMs, Span<double> values)
    {
        if (Find(out string? trouble) is not { } device)
        {
            isResolved = false;
            return Faults.SensorSilent.With(entry.Id, trouble);
        }

        if (resolution != 0 && !isResolved)
        {
            // Kept by the kernel until the chip loses its power; one that refuses measures all the same.
            isResolved = SysfsFile.Write(device + "/resolution", resolution.ToString(CultureInfo.InvariantCulture)) is null;
        }

        if (!SysfsFile.TryReadText(device + "/w1_slave", out string text))
        {
            isResolved = false;
            return Faults.SensorSilent.With(entry.Id, "it does not answer");
        }

        trouble = OneWireThermometer.Trouble(text, out double celsius);
        values[0] = trouble is null ? celsius : double.NaN;
        return trouble is null ? null : Faults.SensorNonsense.With(entry.Id, trouble);
    }

    string? Find(out string? trouble)
    {
        string[] all = [.. OneWireSensors.Paths(root)];
        string there = all.Length == 0 ? "none (Raspberry Pi: dtoverlay=w1-gpio in config.txt)" : string.Join(", ", all.Take(16).Select(Path.GetFileName));
        string? device = serial.Length > 0 ? Array.Find(all, p => Path.GetFileName(p) == serial) : all.Length == 1 ? all[0] : null;
        trouble = device is not null ? null
            : serial.Length > 0 || all.Length == 0 ? $"it is not on the bus; there are: {there}"
            : $"there are several, and the entry does not say serial = \"…\": {there}";
        return device;
    }
}
