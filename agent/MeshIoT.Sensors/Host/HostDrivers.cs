using System.Collections.Generic;

namespace MeshIoT.Sensors.Host;

/// <summary>The drivers whose hardware the kernel reads.</summary>
internal static class HostDrivers
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IReadOnlyList<Driver>> All { get; } = [Ds18b20.Drivers, IioDevice.Drivers];
}
