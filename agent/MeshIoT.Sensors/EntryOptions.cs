using System;
using System.Collections.Generic;
using System.Globalization;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>What an entry says beyond what all entries may say, read strictly: a bad value is a fault that names its place.</summary>
/// <param name="values">The options of the entry.</param>
/// <param name="origin">Where it stands.</param>
public readonly struct EntryOptions(IReadOnlyDictionary<string, string> values, string origin)
{
    /// <summary>The text of <paramref name="option"/>.</summary>
    public string Text(string option, string otherwise = "") => values.GetValueOrDefault(option, otherwise);

    /// <summary>One of some words.</summary>
    public string Choice(string option, string otherwise, params ReadOnlySpan<string> words)
    {
        string text = Text(option, otherwise);
        return words.Contains(text) ? text : throw Malformed(option, "one of " + string.Join(", ", words!));
    }

    /// <summary>True or false.</summary>
    public bool Flag(string option, bool otherwise) =>
        !values.TryGetValue(option, out string? text) ? otherwise : bool.TryParse(text, out bool flag) ? flag : throw Malformed(option, "true or false");

    /// <summary>A number within bounds.</summary>
    public double Number(string option, double otherwise, double lowest, double highest) =>
        !values.TryGetValue(option, out string? text) ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) && n >= lowest && n <= highest ? n
        : throw Malformed(option, string.Create(CultureInfo.InvariantCulture, $"a number from {lowest:R} to {highest:R}"));

    /// <summary>A whole number within bounds that must be there.</summary>
    public int Required(string option, int lowest, int highest) => values.ContainsKey(option)
        ? Whole(option, lowest, lowest, highest)
        : throw Faults.SettingMissing.With(option, "the entry", origin, string.Create(CultureInfo.InvariantCulture, $"a whole number from {lowest} to {highest}")).ToException();

    /// <summary>A whole number within bounds.</summary>
    public int Whole(string option, int otherwise, int lowest, int highest) =>
        !values.TryGetValue(option, out string? text) ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int n) && n >= lowest && n <= highest ? n
        : throw Malformed(option, string.Create(CultureInfo.InvariantCulture, $"a whole number from {lowest} to {highest}"));

    /// <summary>A time within bounds: <c>"5ms"</c>, <c>"2s"</c>, <c>"10m"</c>, <c>"1h"</c>, or a number of seconds.</summary>
    public TimeSpan Time(string option, TimeSpan otherwise, TimeSpan shortest, TimeSpan longest)
    {
        if (!values.TryGetValue(option, out string? text))
        {
            return otherwise;
        }

        int unit = text.AsSpan().IndexOfAnyExcept("0123456789.");
        double factor = unit < 0 ? 1 : text[unit..] switch { "ms" => 0.001, "s" => 1, "m" or "min" => 60, "h" => 3600, "d" => 86_400, _ => double.NaN };
        return double.TryParse(unit < 0 ? text : text[..unit], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double n)
            && n * factor >= shortest.TotalSeconds && n * factor <= longest.TotalSeconds
            ? TimeSpan.FromSeconds(n * factor)
            : throw Malformed(option, $"a time from {Say(shortest)} to {Say(longest)} such as \"5ms\", \"2s\" or \"10m\"");
    }

    /// <summary>A list of texts; empty when it is not there.</summary>
    public IReadOnlyList<string> List(string option, int most, int longest)
    {
        if (!values.TryGetValue(option, out string? text))
        {
            return [];
        }

        string[] items = text.Split('\n');
        return items.Length <= most && Array.TrueForAll(items, i => i.Length > 0 && i.Length <= longest) ? items
            : throw Malformed(option, string.Create(CultureInfo.InvariantCulture, $"a list of at most {most} texts of at most {longest} characters"));
    }

    /// <summary>What is wrong with <paramref name="option"/>: it is not <paramref name="expects"/>.</summary>
    public FaultException Malformed(string option, string expects) => Faults.SettingMalformed.With(option, Text(option), origin, expects).ToException();

    static string Say(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");
}
