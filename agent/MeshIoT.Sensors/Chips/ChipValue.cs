using System.Collections.Generic;

namespace MeshIoT.Sensors.Chips;

/// <summary>One value of a chip, and the range outside which it can only be nonsense.</summary>
/// <param name="Key">Last part of its id where the chip has several values: <c>temperature</c>, <c>a0</c>.</param>
/// <param name="Quantity">What is measured, in Home Assistant's device-class words.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Lowest">Lowest value that the chip can give rightly.</param>
/// <param name="Highest">Highest such value.</param>
/// <param name="Decimals">Decimals worth showing.</param>
public readonly record struct ChipValue(string Key, string Quantity, string Unit, double Lowest, double Highest, int Decimals)
{
    /// <summary>A temperature in °C.</summary>
    public static ChipValue Temperature(double lowest, double highest, int decimals = 2) => new("temperature", "temperature", "°C", lowest, highest, decimals);

    /// <summary>Relative humidity in %.</summary>
    public static ChipValue Humidity { get; } = new("humidity", "humidity", "%", 0, 100, 1);

    /// <summary>Air pressure in hPa.</summary>
    public static ChipValue Pressure { get; } = new("pressure", "pressure", "hPa", 300, 1100, 2);

    /// <summary>A voltage in V.</summary>
    public static ChipValue Voltage(string key, double lowest, double highest, int decimals = 4) => new(key, "voltage", "V", lowest, highest, decimals);

    /// <summary>Describes the values of an entry: <c>ID</c> for one value, <c>ID.KEY</c> for several.</summary>
    public static IReadOnlyList<SensorDescription> Describe(SensorEntry entry, IReadOnlyList<ChipValue> values)
    {
        SensorDescription[] described = new SensorDescription[values.Count];
        for (int i = 0; i < described.Length; i++)
        {
            ChipValue value = values[i];
            string name = entry.Name.Length > 0 ? entry.Name : entry.Id;
            described[i] = new SensorDescription(
                described.Length == 1 ? entry.Id : $"{entry.Id}.{value.Key}", described.Length == 1 ? name : $"{name} {value.Key.Replace('_', ' ')}",
                entry.Driver, value.Quantity, value.Unit)
            {
                Device = entry.Id, Room = entry.Room, Decimals = value.Decimals,
            };
        }

        return described;
    }
}
