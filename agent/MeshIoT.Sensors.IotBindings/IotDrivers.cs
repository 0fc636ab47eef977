using Iot.Device.Ahtxx;
using Iot.Device.Bh1750fvi;
using Iot.Device.Mcp9808;
using MeshIoT.Sensors.Chips;

namespace MeshIoT.Sensors.IotBindings;

/// <summary>Drivers by bindings that a gateway built with <c>-p:IotBindings=true</c> knows. Put yours here, or call <see cref="Drivers.Add"/> yourself.</summary>
public static class IotDrivers
{
    /// <summary>Makes them known; before the configuration is read.</summary>
    public static void Add()
    {
        Drivers.Add(IotDriver.Of("mcp9808", "MCP9808 thermometer",
            (entry, wiring) => new Mcp9808(wiring.I2c(I2cChip.BusOf(entry), entry.Address ?? Mcp9808.DefaultI2cAddress)),
            new IotValue<Mcp9808>("temperature", "°C", static d => d.Temperature.DegreesCelsius)));
        Drivers.Add(IotDriver.Of("bh1750", "BH1750FVI light sensor",
            (entry, wiring) => new Bh1750fvi(wiring.I2c(I2cChip.BusOf(entry), entry.Address ?? 0x23)),
            new IotValue<Bh1750fvi>("illuminance", "lx", static d => d.Illuminance.Lux)));
        Drivers.Add(IotDriver.Of("aht20", "AHT20 temperature and humidity",
            (entry, wiring) => new Aht20(wiring.I2c(I2cChip.BusOf(entry), entry.Address ?? AhtBase.DefaultI2cAddress)),
            new IotValue<Aht20>("temperature", "°C", static d => d.GetTemperature().DegreesCelsius),
            new IotValue<Aht20>("humidity", "%", static d => d.GetHumidity().Percent)));
    }
}
