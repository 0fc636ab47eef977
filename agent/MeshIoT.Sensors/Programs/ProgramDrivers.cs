using System.Collections.Generic;

namespace MeshIoT.Sensors.Programs;

/// <summary>The drivers whose values come from programs.</summary>
internal static class ProgramDrivers
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IReadOnlyList<Driver>> All { get; } = [ExecDevice.Drivers, SocketDevice.Drivers];
}
