using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Sensors.Programs;

/// <summary>Which values an entry expects of a program: its option <c>values</c>, a list of <c>KEY[:QUANTITY] [UNIT]</c>.</summary>
internal static class ProgramValues
{
    /// <summary>What the option must be, for help and errors.</summary>
    public const string Expects = "what the program gives, such as [\"temperature\", \"soil:moisture %\", \"level cm\"]: key, quantity where it is another, unit where it is not the usual one";

    const int Most = 64, Longest = 80, LongestName = 40, LongestUnit = 16;

    static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["temperature"] = "°C", ["humidity"] = "%", ["moisture"] = "%", ["battery"] = "%", ["pressure"] = "hPa", ["atmospheric_pressure"] = "hPa", ["illuminance"] = "lx",
        ["voltage"] = "V", ["current"] = "A", ["power"] = "W", ["energy"] = "kWh", ["frequency"] = "Hz", ["carbon_dioxide"] = "ppm", ["distance"] = "m", ["speed"] = "m/s",
        ["wind_speed"] = "m/s", ["precipitation"] = "mm", ["weight"] = "kg", ["volume"] = "L", ["water"] = "L", ["gas"] = "m³", ["signal_strength"] = "dBm", ["ph"] = "",
    };

    /// <summary>Reads the option. Throws a fault when it is not there or cannot be right.</summary>
    public static IReadOnlyList<EntryChannel> Read(SensorEntry entry)
    {
        EntryOptions options = new(entry.Options, entry.Origin);
        IReadOnlyList<string> items = options.List("values", Most, Longest);
        EntryChannel[] channels = [.. items.Select(item => One(item) ?? throw options.Malformed("values", Expects))];
        return channels.Length > 0 && channels.Select(c => c.Key).Distinct().Count() == channels.Length ? channels : throw options.Malformed("values", Expects);
    }

    static EntryChannel? One(string item)
    {
        int space = item.IndexOf(' ', StringComparison.Ordinal);
        string name = space < 0 ? item : item[..space];
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string key = colon < 0 ? name : name[..colon], quantity = colon < 0 ? name : name[(colon + 1)..];
        string unit = space < 0 ? Units.GetValueOrDefault(quantity, "") : item[(space + 1)..].Trim();
        return IsName(key) && IsName(quantity) && unit.Length <= LongestUnit && !unit.Any(char.IsControl) && key is not ("id" or "t" or "error") ? new EntryChannel(key, quantity, unit, 3) : null;
    }

    static bool IsName(string text) => text.Length is > 0 and <= LongestName && text.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-');
}
