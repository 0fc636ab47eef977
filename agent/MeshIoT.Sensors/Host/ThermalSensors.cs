using System.Collections.Generic;
using System.IO;

namespace MeshIoT.Sensors.Host;

/// <summary>Zones under /sys/class/thermal that no hwmon chip shows already (Documentation/driver-api/thermal/sysfs-api).</summary>
internal static class ThermalSensors
{
    public static IEnumerable<Sensor> Discover(string root, HashSet<string> hwmonChips)
    {
        foreach (string zone in SysfsFile.Directories(root + "/sys/class/thermal", "thermal_zone*"))
        {
            string type = SysfsFile.ReadWord(zone + "/type"), temp = zone + "/temp";
            if (type.Length == 0 || hwmonChips.Contains(type.Replace('-', '_')) || !SysfsFile.TryReadNumber(temp, out _))
            {
                continue;
            }

            yield return new SysfsSensor(
                new(SensorId.From("thermal", Path.GetFileName(zone)["thermal_zone".Length..], type), type, "thermal", "temperature", "°C"),
                temp, 0.001, 0, -100, 300, 2);
        }
    }
}
