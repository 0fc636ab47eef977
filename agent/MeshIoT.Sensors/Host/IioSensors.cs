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

    /// <summary>Folders of devices that go by that name: the kernel's (<c>iio:device0</c>), the chip's, or a label of the device tree.</summary>
    public static List<string> Find(string root, Func<string, bool> isMeant)
    {
        List<string> found = [];
        foreach (string device in SysfsFile.Directories(root + "/sys/bus/iio/devices", "iio:device*"))
        {
            if (isMeant(Path.GetFileName(device)) || isMeant(SysfsFile.ReadWord(device + "/name")) || isMeant(SysfsFile.ReadWord(device + "/label")))
            {
                found.Add(device);
            }
        }

        return found;
    }

    /// <summary>Channels of a device that have a unit here: <c>voltage0</c>, <c>temp</c>.</summary>
    public static List<string> Channels(string device)
    {
        List<string> found = [];
        foreach (string file in SysfsFile.Files(device, "in_*"))
        {
            if (TryDescribe(device, "", Path.GetFileName(file)) is not null)
            {
                string name = Path.GetFileName(file);
                found.Add(name["in_".Length..name.LastIndexOf('_')]);
            }
        }

        return found;
    }

    /// <summary>What a channel of that name measures, and in which unit; null: nothing that has a unit here.</summary>
    public static EntryChannel? Kind(string channel)
    {
        foreach (var kind in Kinds)
        {
            if (("in_" + channel).StartsWith(kind.Channel, StringComparison.Ordinal))
            {
                return new EntryChannel("in_" + channel == kind.Channel ? kind.Quantity : channel, kind.Quantity, kind.Unit, kind.Decimals);
            }
        }

        return null;
    }

    /// <summary>Reads a channel of a device.</summary>
    public static bool TryRead(string device, string channel, long unixMs, out double value)
    {
        value = 0;
        return (TryDescribe(device, "", $"in_{channel}_input", mustExist: true) ?? TryDescribe(device, "", $"in_{channel}_raw")) is { } sensor && sensor.TryRead(unixMs, out value);
    }

    static SysfsSensor? TryDescribe(string device, string name, string file, bool mustExist = false)
    {
        if (mustExist && !File.Exists($"{device}/{file}"))
        {
            return null;
        }

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
