using MeshIoT.Sensors;
using MeshIoT.Sensors.Chips;
using MeshIoT.Sensors.Display;

namespace MeshIoT.Agent.Configuration;

/// <summary>The section <c>[display]</c>: driver, bus, address, size, turned, contrast.</summary>
internal static class DisplaySection
{
    public const string Name = "display";

    /// <summary>Null when there is no such section.</summary>
    public static DisplayOptions? Read(ConfigTable root)
    {
        if (root.Table(Name) is not { } table)
        {
            return null;
        }

        table.Required("driver", "\"ssd1306\"");
        string driver = table.Choice("driver", "", "ssd1306");
        SensorEntry bus = new() { Id = Name, Driver = driver, Bus = table.Text("bus", "", 32), Origin = table.Values.TryGetValue("bus", out ConfigValue? at) ? at.Origin : table.Origin };
        DisplayOptions options = new(
            I2cChip.BusOf(bus),
            (int)(table.Whole("address", 0x03, 0x77) ?? 0x3C),
            table.Choice("size", "128x64", "128x64", "128x32") == "128x64" ? 64 : 32,
            table.Flag("turned", false),
            (byte)(table.Whole("contrast", 0, 255) ?? 0x7F));
        table.Finish();
        return options;
    }
}
