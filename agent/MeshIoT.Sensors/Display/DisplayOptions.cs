using System.Collections.Generic;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Display;

/// <summary>A display as a person describes it: the section <c>[display]</c>.</summary>
/// <param name="Bus">Number of its I2C bus.</param>
/// <param name="Address">Its address.</param>
/// <param name="Height">64 or 32 dots.</param>
/// <param name="IsTurned">Mounted upside down.</param>
/// <param name="Contrast">0 to 255.</param>
public sealed record DisplayOptions(int Bus, int Address, int Height, bool IsTurned, byte Contrast)
{
    /// <summary>The driver <c>ssd1306</c>, as lists of drivers and the scan know it. It makes no sensor.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("ssd1306", "status display, 128×64 or 128×32 dots (Solomon Systech SSD1306); it stands in [display]", static (entry, _) =>
            throw Faults.SettingMalformed.With("driver", entry.Driver, entry.Origin, "a sensor; this is a display and stands in [display]").ToException())
        {
            Bus = "i2c", Addresses = [0x3C, 0x3D], IsOutput = true,
        },
    ];
}
