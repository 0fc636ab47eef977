using System;
using System.Collections.Generic;
using System.IO;

namespace MeshIoT.Sensors.Host;

/// <summary>
/// Industrial I/O devices under /sys/bus/iio/devices. A channel gives either a processed <c>…_input</c> or a <c>…_raw</c>
/// with <c>…_offset</c> and <c>…_scale</c>; units are the kernel's (Documentation/ABI/testing/sysfs-bus-iio) turned into ours.
/// </summary>
internal static class IioSensors
{
    static readonly (string Channel, string Quantity, string Unit, double ToUnit, double Lowest, double Highest, int Decimals)[] Kinds =
    [
        ("in_temp", "temperature", "°C", 0.001, -100, 300, 2),
        ("in_humidityrelative", "humidity", "%", 0.001, 0, 100, 2),
        ("in_pressure", "pressure", "hPa", 10, 0, 10_000, 2),
        ("in_illuminance", "illuminance", "lx", 1, 0, 1_000_000, 2),
        ("in_voltage", "voltage", "V", 0.001, -1000, 1000, 4),
        ("in_current", "current", "A", 0.001, -1000, 1000, 4),
        ("in_concentration_co2", "carbon_dioxide", "ppm", 10_000, 0, 100_000, 0),
    ];

    public static IEnumerable<Sensor> Discover(string root)
    {
        foreach (string device in SysfsFile.Directories(root + "/sys/bus/iio/devices", "iio:device*"))
        {
            string name = SysfsFile.ReadWord(device + "/name");
            foreach (string file in SysfsFile.Files(device, "in_*"))
            {
                if (TryDescribe(device, name, Path.GetFileName(file)) is { } sensor)
                {
                    yield return sensor;
                }
            }
        }
    }

    static SysfsSensor? TryDescribe(string device, string name, string file)
    {
        bool processed = file.EndsWith("_input", StringComparison.Ordinal);
        if (!processed && !file.EndsWith("_raw", StringComparison.Ordinal))
        {
            return null;
        }

        string channel = file[..file.LastIndexOf('_')];
        if (!processed && File.Exists($"{device}/{channel}_input"))
        {
            return null;
        }

        foreach (var kind in Kinds)
        {
            if (!channel.StartsWith(kind.Channel, StringComparison.Ordinal))
            {
                continue;
            }

            double scale = 1, offset = 0;
            if (!processed)
            {
                scale = Attribute(device, channel, kind.Channel, "scale", 1);
                offset = Attribute(device, channel, kind.Channel, "offset", 0);
            }

            string number = Path.GetFileName(device)["iio:device".Length..];
            return new SysfsSensor(
                new(SensorId.From("iio", $"{number}-{name}", channel["in_".Length..]), $"{name} {channel["in_".Length..]}", "iio", kind.Quantity, kind.Unit),
                $"{device}/{file}", scale * kind.ToUnit, offset, kind.Lowest, kind.Highest, kind.Decimals);
        }

        return null;
    }

    /// <summary>A channel's own attribute, else the one shared by all channels of its type, else <paramref name="absent"/>.</summary>
    static double Attribute(string device, string channel, string type, string what, double absent) =>
        SysfsFile.TryReadNumber($"{device}/{channel}_{what}", out double own) ? own
        : SysfsFile.TryReadNumber($"{device}/{type}_{what}", out double shared) ? shared
        : absent;
}
