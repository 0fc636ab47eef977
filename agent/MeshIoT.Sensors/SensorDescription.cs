namespace MeshIoT.Sensors;

/// <summary>What a sensor is, unchanged while it exists.</summary>
/// <param name="Id">Unique on its gateway and stable across restarts; only <c>a-z 0-9 . _ -</c>, at most 64 characters.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Driver">Which driver reads it: <c>host</c>, <c>hwmon</c>, <c>thermal</c>, <c>iio</c>, <c>w1</c>, <c>sim</c>, <c>bme280</c> …</param>
/// <param name="Quantity">What it measures, in Home Assistant's device-class words: temperature, humidity, pressure …</param>
/// <param name="Unit">Unit of the value as shown to people: °C, %, hPa, V, rpm …</param>
/// <param name="Simulated">True when the value is computed and not measured; shown wherever the value is.</param>
public sealed record SensorDescription(
    string Id, string Name, string Driver, string Quantity, string Unit, bool Simulated = false)
{
    /// <summary>Id of the device that it belongs to: what a configuration's entry is called. <see cref="Id"/> itself where a device has one value only.</summary>
    public string Device { get; init; } = Id;

    /// <summary>Where it is: "greenhouse", "cellar"; empty when nobody said.</summary>
    public string Room { get; init; } = "";

    /// <summary>Decimals that its value is worth showing with, 0 to 6.</summary>
    public int Decimals { get; init; } = 2;
}
