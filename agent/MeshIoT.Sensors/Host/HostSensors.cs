using System.Collections.Generic;

namespace MeshIoT.Sensors.Host;

/// <summary>Everything the gateway's own kernel measures without any wiring being described.</summary>
public static class HostSensors
{
    /// <summary>Finds the sensors of the machine whose file system starts at <paramref name="root"/>.</summary>
    /// <param name="root">"" for this machine; a test gives the path of a tree with /proc and /sys below it.</param>
    public static IReadOnlyList<Sensor> Discover(string root = "")
    {
        HashSet<string> chips = [];
        List<Sensor> found = [new CpuLoad(root), new MemoryUsed(root), new DiskUsed(root.Length == 0 ? "/" : root)];
        found.AddRange(HwmonSensors.Discover(root, chips));
        found.AddRange(ThermalSensors.Discover(root, chips));
        found.AddRange(IioSensors.Discover(root));
        found.AddRange(OneWireSensors.Discover(root));
        return found;
    }
}
