using System;
using System.Collections.Generic;
using System.Globalization;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Simulated;

/// <summary>A simulated sensor of the configuration: a <see cref="SimulatedSensor"/> with any quantity, always marked as simulated.</summary>
public static class SimulatedDevice
{
    /// <summary>The driver <c>sim</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("sim", "a repeatable wave in place of hardware; every reading says that it is simulated", (entry, _) => Create(entry))
        {
            Options = new Dictionary<string, string>
            {
                ["quantity"] = "what it pretends to measure (temperature, humidity …)",
                ["base_unit"] = "a unit",
                ["middle"] = "a number",
                ["swing"] = "a number",
                ["period"] = "seconds from 1 to 86400",
            },
        },
    ];

    static SensorDevice Create(SensorEntry entry)
    {
        string Text(string option, string otherwise) => entry.Options.GetValueOrDefault(option, otherwise);
        double Number(string option, double otherwise, double lowest, double highest) =>
            !entry.Options.TryGetValue(option, out string? text) ? otherwise
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) && n >= lowest && n <= highest ? n
            : throw Faults.SettingMalformed.With(option, text, entry.Origin, "a number in range").ToException();

        string quantity = Text("quantity", "temperature");
        string name = (entry.Name.Length > 0 ? entry.Name : entry.Id) + " (simulated)";
        SimulatedSensor wave = new(entry.Id, name, quantity, Text("base_unit", quantity == "humidity" ? "%" : "°C"),
            Number("middle", 20, -1e6, 1e6), Number("swing", 5, 0, 1e6), TimeSpan.FromSeconds(Number("period", 120, 1, 86_400)));
        return new SingleSensor(wave, "host");
    }
}
