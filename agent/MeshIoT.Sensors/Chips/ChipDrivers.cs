using System.Collections.Generic;

namespace MeshIoT.Sensors.Chips;

/// <summary>The drivers of chips on I2C and SPI buses.</summary>
public static class ChipDrivers
{
    /// <summary>All of them, a list a chip.</summary>
    public static IReadOnlyList<IReadOnlyList<Driver>> All { get; } =
    [
        Bosch.Bme280.Drivers, Bosch.Bme680.Drivers, Sensirion.Sht3x.Drivers, Sensirion.Sht4x.Drivers, Sensirion.Scd4x.Drivers, Sensirion.Sgp40.Drivers,
        Converters.Ads1115.Drivers, Converters.Mcp3008.Drivers, Converters.Ina219.Drivers, Light.Tcs3472.Drivers, Distance.Vl53l0x.Drivers,
        Display.DisplayOptions.Drivers,
    ];
}
