using System.Collections.Generic;
using System.IO;

namespace MeshIoT.Sensors.Host;

/// <summary>
/// Chips under /sys/class/hwmon: temperatures, fans, voltages, currents, power, humidity. Attribute names and scales are the
/// kernel's (Documentation/hwmon/sysfs-interface).
/// </summary>
internal static class HwmonSensors
{
    static readonly (string Prefix, string Quantity, string Unit, double Scale, double Lowest, double Highest, int Decimals)[] Channels =
    [
        ("temp", "temperature", "°C", 0.001, -100, 300, 2),
        ("fan", "fan_speed", "rpm", 1, 0, 100_000, 0),
        ("in", "voltage", "V", 0.001, -1000, 1000, 3),
        ("curr", "current", "A", 0.001, -1000, 1000, 3),
        ("power", "power", "W", 0.000_001, -100_000, 100_000, 3),
        ("humidity", "humidity", "%", 0.001, 0, 100, 2),
    ];

    /// <summary>Every channel that can be read now. <paramref name="chips"/> receives the chips' names.</summary>
    public static IEnumerable<Sensor> Discover(string root, HashSet<string> chips)
    {
        Dictionary<string, int> seen = [];
        foreach (string chip in SysfsFile.Directories(root + "/sys/class/hwmon", "hwmon*"))
        {
            string name = SysfsFile.ReadWord(chip + "/name");
            if (name.Length == 0)
            {
                continue;
            }

            chips.Add(name);
            int count = seen[name] = seen.GetValueOrDefault(name) + 1;
            string unique = count == 1 ? name : $"{name}-{count}";
            foreach (var channel in Channels)
            {
                foreach (string input in SysfsFile.Files(chip, channel.Prefix + "*_input"))
                {
                    string attribute = Path.GetFileName(input)[..^"_input".Length];
                    if (!SysfsFile.TryReadNumber(input, out _))
                    {
                        continue;
                    }

                    string label = SysfsFile.ReadWord($"{chip}/{attribute}_label");
                    yield return new SysfsSensor(
                        new(SensorId.From("hwmon", unique, attribute), label.Length > 0 ? $"{name} {label}" : $"{name} {attribute}",
                            "hwmon", channel.Quantity, channel.Unit),
                        input, channel.Scale, 0, channel.Lowest, channel.Highest, channel.Decimals);
                }
            }
        }
    }
}
