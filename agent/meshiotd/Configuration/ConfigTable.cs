using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Agent.Configuration;

/// <summary>
/// A table of a TOML file that is read strictly: every key is asked for by name with what it must be, and <see cref="Finish"/> refuses what
/// nobody asked for, with the nearest name that exists. Errors name file, line and column.
/// </summary>
internal sealed class ConfigTable(string name, string origin)
{
    readonly Dictionary<string, ConfigValue> values = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<ConfigTable>> tables = new(StringComparer.Ordinal);
    readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>The table's name, for error texts: <c>sensor.temperature</c>; empty for the file itself.</summary>
    public string Name => name;

    /// <summary>Where it stands: <c>FILE:LINE:COLUMN</c>.</summary>
    public string Origin => origin;

    /// <summary>The plain values.</summary>
    public IReadOnlyDictionary<string, ConfigValue> Values => values;

    /// <summary>Tables within, by name; several where it is an array of tables.</summary>
    public IReadOnlyDictionary<string, List<ConfigTable>> Tables => tables;

    /// <summary>Adds a value; false when there is one of that name.</summary>
    internal bool TryAdd(string key, ConfigValue value) => !tables.ContainsKey(key) && values.TryAdd(key, value);

    /// <summary>Adds a table to those of that name.</summary>
    internal void Add(string key, ConfigTable table)
    {
        if (!tables.TryGetValue(key, out List<ConfigTable>? list))
        {
            tables[key] = list = [];
        }

        list.Add(table);
    }

    /// <summary>True when the key is there.</summary>
    public bool Has(string key) => values.ContainsKey(key);

    /// <summary>The text of <paramref name="key"/>; <paramref name="otherwise"/> when it is not there.</summary>
    public string Text(string key, string otherwise = "", int longest = 256) =>
        Find(key) is not { } value ? otherwise
        : value.Kind == ConfigKind.Text && value.Text.Length <= longest ? value.Text
        : throw Malformed(key, $"a text in quotes of at most {longest} characters");

    /// <summary>A text that must be there.</summary>
    public string Required(string key, string expects) =>
        Text(key) is { Length: > 0 } text ? text : throw Faults.SettingMissing.With(key, Where(), origin, expects).ToException();

    /// <summary>One of some words.</summary>
    public string Choice(string key, string otherwise, params string[] words) =>
        Text(key, otherwise) is var text && words.Contains(text) ? text : throw Malformed(key, "one of " + string.Join(", ", words));

    /// <summary>A number within bounds; null when it is not there.</summary>
    public double? Number(string key, double lowest = double.MinValue, double highest = double.MaxValue) =>
        Find(key) is not { } value ? null
        : value.Kind is ConfigKind.Whole or ConfigKind.Real
            && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) && n >= lowest && n <= highest ? n
        : throw Malformed(key, lowest == double.MinValue && highest == double.MaxValue ? "a number" : string.Create(CultureInfo.InvariantCulture, $"a number from {lowest:R} to {highest:R}"));

    /// <summary>A whole number within bounds; null when it is not there. TOML knows 0x76 too.</summary>
    public long? Whole(string key, long lowest, long highest) =>
        Find(key) is not { } value ? null
        : value.Kind == ConfigKind.Whole && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n) && n >= lowest && n <= highest ? n
        : throw Malformed(key, string.Create(CultureInfo.InvariantCulture, $"a whole number from {lowest} to {highest}"));

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool otherwise) =>
        Find(key) is not { } value ? otherwise : value.Kind == ConfigKind.Flag ? value.Text == "true" : throw Malformed(key, "true or false");

    /// <summary>A time: a number of seconds, or a text like <c>"500ms"</c>, <c>"10s"</c>, <c>"15m"</c>, <c>"12h"</c>, <c>"30d"</c>; null when it is not there.</summary>
    public TimeSpan? Time(string key, TimeSpan shortest, TimeSpan longest) =>
        Find(key) is not { } value ? null
        : TryTime(value, out TimeSpan time) && time >= shortest && time <= longest ? time
        : throw Malformed(key, $"a time from {Say(shortest)} to {Say(longest)} such as \"10s\", \"15m\", \"12h\" or \"30d\"");

    /// <summary>An amount of bytes: a number, or a text like <c>"64MB"</c>, <c>"1GB"</c>; null when it is not there.</summary>
    public long? Bytes(string key, long lowest, long highest) =>
        Find(key) is not { } value ? null
        : TryBytes(value, out long bytes) && bytes >= lowest && bytes <= highest ? bytes
        : throw Malformed(key, string.Create(CultureInfo.InvariantCulture, $"an amount of bytes such as \"64MB\" or \"1GB\", from {lowest} to {highest}"));

    /// <summary>A list of texts, or one text; empty when it is not there.</summary>
    public IReadOnlyList<string> Texts(string key, int most = 64) =>
        Find(key) is not { } value ? []
        : value.Kind == ConfigKind.Text ? [value.Text]
        : value is { Kind: ConfigKind.List, Items: { } items } && items.Count <= most && items.All(i => i.Kind == ConfigKind.Text) ? [.. items.Select(i => i.Text)]
        : throw Malformed(key, $"a list of at most {most} texts");

    /// <summary>The only table of that name; null when there is none.</summary>
    public ConfigTable? Table(string key)
    {
        known.Add(key);
        return !tables.TryGetValue(key, out List<ConfigTable>? list) ? null
            : list.Count == 1 ? list[0]
            : throw Faults.SettingMalformed.With(key, "[[" + key + "]]", list[1].Origin, "a table that stands once, [" + key + "]").ToException();
    }

    /// <summary>All tables of that name.</summary>
    public IReadOnlyList<ConfigTable> All(string key, int most)
    {
        known.Add(key);
        return !tables.TryGetValue(key, out List<ConfigTable>? list) ? []
            : list.Count <= most ? list
            : throw Faults.SettingMalformed.With(key, string.Create(CultureInfo.InvariantCulture, $"{list.Count} tables"), list[most].Origin, string.Create(CultureInfo.InvariantCulture, $"at most {most} of them")).ToException();
    }

    /// <summary>Says that these keys are read by somebody else.</summary>
    public void Knows(IEnumerable<string> keys) => known.UnionWith(keys);

    /// <summary>Refuses the first key or table that nobody asked for.</summary>
    public void Finish()
    {
        foreach ((string key, ConfigValue value) in values)
        {
            if (!known.Contains(key))
            {
                throw Unknown(key, value.Origin);
            }
        }

        foreach ((string key, List<ConfigTable> list) in tables)
        {
            if (!known.Contains(key))
            {
                throw Unknown(key, list[0].Origin);
            }
        }
    }

    /// <summary>What is wrong with <paramref name="key"/>: it is not <paramref name="expects"/>.</summary>
    public FaultException Malformed(string key, string expects) => values.TryGetValue(key, out ConfigValue? value)
        ? Faults.SettingMalformed.With(key, value.Text, value.Origin, expects).ToException()
        : Faults.SettingMissing.With(key, Where(), origin, expects).ToException();

    FaultException Unknown(string key, string at) => Faults.SettingUnknown.With(key, at, Nearest.Hint(key, known)).ToException();

    string Where() => name.Length == 0 ? "the file" : $"[{name}]";

    ConfigValue? Find(string key)
    {
        known.Add(key);
        return values.GetValueOrDefault(key);
    }

    static bool TryTime(ConfigValue value, out TimeSpan time)
    {
        string text = value.Text.Trim();
        int unit = text.AsSpan().IndexOfAnyExcept("0123456789.+-");
        string number = value.Kind == ConfigKind.Text && unit > 0 ? text[..unit] : text;
        double factor = value.Kind is ConfigKind.Whole or ConfigKind.Real ? 1 : unit <= 0 ? double.NaN : text[unit..] switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" or "min" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => double.NaN,
        };
        bool isTime = double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) && Math.Abs(n * factor) < 1e10;
        time = isTime ? TimeSpan.FromSeconds(n * factor) : default;
        return isTime;
    }

    static bool TryBytes(ConfigValue value, out long bytes)
    {
        string text = value.Text.Trim();
        int unit = text.AsSpan().IndexOfAnyExcept("0123456789.");
        double factor = (unit < 0 ? "" : text[unit..].Trim().ToUpperInvariant()) switch
        {
            "" or "B" => 1,
            "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "KIB" => 1024,
            "MIB" => 1024 * 1024,
            "GIB" => 1024 * 1024 * 1024,
            _ => double.NaN,
        };
        bool isAmount = double.TryParse(unit < 0 ? text : text[..unit], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double n) && n * factor < 1e15;
        bytes = isAmount ? (long)(n * factor) : 0;
        return isAmount;
    }

    static string Say(TimeSpan time) => time.TotalSeconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms")
        : time.TotalHours < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
        : time.TotalDays < 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} h")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} days");
}
