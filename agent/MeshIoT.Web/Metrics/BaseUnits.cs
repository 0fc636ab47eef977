using System.Text;

namespace MeshIoT.Web.Metrics;

/// <summary>Base units as Prometheus wants them: celsius, ratio, pascals, seconds … https://prometheus.io/docs/practices/naming/#base-units</summary>
internal static class BaseUnits
{
    /// <summary>What a value in <paramref name="unit"/> is in its base unit: <c>value × Factor + Summand</c>, and the word for the name's end ("" for none).</summary>
    public static (string Word, double Factor, double Summand) Of(string unit) => unit switch
    {
        "" => ("", 1, 0),
        "°C" => ("celsius", 1, 0),
        "°F" => ("celsius", 1 / 1.8, -32 / 1.8),
        "K" => ("celsius", 1, -273.15),
        "%" or "%RH" => ("ratio", 0.01, 0),
        "Pa" => ("pascals", 1, 0),
        "hPa" or "mbar" => ("pascals", 100, 0),
        "kPa" => ("pascals", 1000, 0),
        "inHg" => ("pascals", 3386.38866667, 0),
        "mmHg" => ("pascals", 133.322387415, 0),
        "V" => ("volts", 1, 0),
        "mV" => ("volts", 0.001, 0),
        "A" => ("amperes", 1, 0),
        "mA" => ("amperes", 0.001, 0),
        "W" => ("watts", 1, 0),
        "mW" => ("watts", 0.001, 0),
        "kW" => ("watts", 1000, 0),
        "Wh" => ("joules", 3600, 0),
        "kWh" => ("joules", 3.6e6, 0),
        "lx" => ("lux", 1, 0),
        "m" => ("meters", 1, 0),
        "cm" => ("meters", 0.01, 0),
        "mm" => ("meters", 0.001, 0),
        "ft" => ("meters", 0.3048, 0),
        "in" => ("meters", 0.0254, 0),
        "m/s" => ("meters_per_second", 1, 0),
        "km/h" => ("meters_per_second", 1 / 3.6, 0),
        "mph" => ("meters_per_second", 0.44704, 0),
        "L" => ("liters", 1, 0),
        "gal" => ("liters", 3.785411784, 0),
        "kg" => ("grams", 1000, 0),
        "g" => ("grams", 1, 0),
        "lb" => ("grams", 453.59237, 0),
        "s" => ("seconds", 1, 0),
        "ms" => ("seconds", 0.001, 0),
        "min" => ("seconds", 60, 0),
        "h" => ("seconds", 3600, 0),
        "Hz" => ("hertz", 1, 0),
        "B" => ("bytes", 1, 0),
        "kB" => ("bytes", 1000, 0),
        "MB" => ("bytes", 1e6, 0),
        "GB" => ("bytes", 1e9, 0),
        "Ω" or "Ohm" => ("ohms", 1, 0),
        "kΩ" => ("ohms", 1000, 0),
        _ => (Folded(unit), 1, 0),
    };

    /// <summary>Folds a text to what a metric's name may hold: a-z, 0-9 and single underscores.</summary>
    public static string Folded(string text)
    {
        StringBuilder folded = new();
        foreach (char c in text.Replace("µ", "micro", System.StringComparison.Ordinal).Replace("/", "_per_", System.StringComparison.Ordinal))
        {
            char lower = char.ToLowerInvariant(c);
            if (char.IsAsciiLetterOrDigit(lower))
            {
                folded.Append(lower);
            }
            else if (folded.Length > 0 && folded[^1] != '_')
            {
                folded.Append('_');
            }
        }

        return folded.ToString().Trim('_');
    }
}
