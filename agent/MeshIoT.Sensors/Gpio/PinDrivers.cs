using System.Collections.Generic;

namespace MeshIoT.Sensors.Gpio;

/// <summary>The drivers of this folder.</summary>
internal static class PinDrivers
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IReadOnlyList<Driver>> All { get; } = [GpioInput.Drivers];
}
