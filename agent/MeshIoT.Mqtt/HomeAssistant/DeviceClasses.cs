using System;
using System.Collections.Generic;

namespace MeshIoT.Mqtt.HomeAssistant;

/// <summary>
/// Home Assistant's device classes of sensors with the units that each allows, and their state classes: its sensor integration, DEVICE_CLASS_UNITS and
/// DEVICE_CLASS_STATE_CLASSES. Only those that a gateway's sensors can have.
/// </summary>
public static class DeviceClasses
{
    static readonly string[] Pressures = ["Pa", "hPa", "kPa", "bar", "cbar", "mbar", "mmHg", "inHg", "psi"];

    static readonly string[] Volumes = ["L", "mL", "gal", "fl. oz.", "m³", "ft³", "CCF"];

    static readonly string[] Lengths = ["km", "m", "cm", "mm", "mi", "yd", "in", "ft"];

    static readonly string[] Speeds = ["m/s", "km/h", "mph", "kn", "ft/s", "mm/s", "mm/d", "mm/h", "in/d", "in/h"];

    static readonly Dictionary<string, string[]> Units = new(StringComparer.Ordinal)
    {
        ["temperature"] = ["°C", "°F", "K"],
        ["humidity"] = ["%"],
        ["moisture"] = ["%"],
        ["battery"] = ["%"],
        ["power_factor"] = ["%", ""],
        ["pressure"] = Pressures,
        ["atmospheric_pressure"] = Pressures,
        ["illuminance"] = ["lx"],
        ["irradiance"] = ["W/m²", "BTU/(h⋅ft²)"],
        ["voltage"] = ["V", "mV"],
        ["current"] = ["A", "mA"],
        ["power"] = ["mW", "W", "kW", "MW", "GW", "TW"],
        ["apparent_power"] = ["VA"],
        ["energy"] = ["Wh", "kWh", "MWh", "J", "kJ", "MJ", "GJ"],
        ["frequency"] = ["Hz", "kHz", "MHz", "GHz"],
        ["distance"] = Lengths,
        ["speed"] = Speeds,
        ["wind_speed"] = Speeds[..5],
        ["wind_direction"] = ["°"],
        ["precipitation"] = ["cm", "mm", "in"],
        ["precipitation_intensity"] = Speeds[6..],
        ["carbon_dioxide"] = ["ppm"],
        ["carbon_monoxide"] = ["ppm"],
        ["volatile_organic_compounds_parts"] = ["ppb", "ppm"],
        ["volatile_organic_compounds"] = ["µg/m³"],
        ["pm1"] = ["µg/m³"],
        ["pm25"] = ["µg/m³"],
        ["pm10"] = ["µg/m³"],
        ["aqi"] = [""],
        ["ph"] = [""],
        ["conductivity"] = ["S/cm", "mS/cm", "µS/cm"],
        ["sound_pressure"] = ["dB", "dBA"],
        ["signal_strength"] = ["dB", "dBm"],
        ["weight"] = ["kg", "g", "mg", "oz", "lb", "st"],
        ["volume"] = Volumes,
        ["volume_storage"] = Volumes,
        ["gas"] = ["m³", "ft³", "CCF"],
        ["water"] = ["L", "gal", "m³", "ft³", "CCF"],
        ["volume_flow_rate"] = ["m³/h", "L/min", "gal/min", "ft³/min", "mL/s"],
        ["duration"] = ["d", "h", "min", "s", "ms"],
        ["data_size"] = ["B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"],
        ["data_rate"] = ["bit/s", "kbit/s", "Mbit/s", "B/s", "kB/s", "MB/s"],
    };

    // These count up; all others are measured at a moment.
    static readonly HashSet<string> Counting = new(StringComparer.Ordinal) { "energy", "gas", "volume", "water", "count", "pulses", "total" };

    // Device classes of binary sensors: what is on or off and has no unit.
    static readonly HashSet<string> States = new(StringComparer.Ordinal)
    {
        "battery_charging", "carbon_monoxide", "cold", "connectivity", "door", "garage_door", "gas", "heat", "light", "lock", "moisture", "motion", "moving",
        "occupancy", "opening", "plug", "power", "presence", "problem", "running", "safety", "smoke", "sound", "tamper", "vibration", "window",
    };

    /// <summary>The device class of what is measured in that unit; null where Home Assistant has none that allows it.</summary>
    public static string? Of(string quantity, string unit) =>
        unit.Length == 0 && States.Contains(quantity) ? quantity : Units.TryGetValue(quantity, out string[]? allowed) && Array.IndexOf(allowed, unit) >= 0 ? quantity : null;

    /// <summary>True for what is on or off rather than a number.</summary>
    public static bool IsState(string quantity, string unit) => unit.Length == 0 && (quantity == "state" || States.Contains(quantity));

    /// <summary>The state class of a quantity; null: none (directions have no mean).</summary>
    public static string? StateOf(string quantity) => quantity == "wind_direction" ? null : Counting.Contains(quantity) ? "total_increasing" : "measurement";

    /// <summary>True when Home Assistant knows the quantity as a device class, in whatever unit.</summary>
    public static bool Knows(string quantity) => Units.ContainsKey(quantity);
}
