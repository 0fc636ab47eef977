using System;
using System.Collections.Generic;

namespace MeshIoT.Sensors;

/// <summary>Units that a value can be shown in instead of the driver's own. Drivers give °C, %, hPa, m, m/s, V, A, W, lx, ppm, L, kg.</summary>
public static class Units
{
    // from, to, factor, summand: to = from × factor + summand.
    static readonly (string From, string To, double Factor, double Summand)[] Known =
    [
        ("°C", "°F", 1.8, 32), ("°C", "K", 1, 273.15),
        ("hPa", "mbar", 1, 0), ("hPa", "kPa", 0.1, 0), ("hPa", "Pa", 100, 0), ("hPa", "inHg", 1 / 33.8638866667, 0), ("hPa", "mmHg", 1 / 1.33322387415, 0),
        ("m", "cm", 100, 0), ("m", "mm", 1000, 0), ("m", "ft", 1 / 0.3048, 0), ("m", "in", 1 / 0.0254, 0), ("mm", "m", 0.001, 0), ("mm", "cm", 0.1, 0), ("mm", "in", 1 / 25.4, 0),
        ("V", "mV", 1000, 0), ("A", "mA", 1000, 0), ("W", "mW", 1000, 0), ("W", "kW", 0.001, 0),
        ("m/s", "km/h", 3.6, 0), ("m/s", "mph", 1 / 0.44704, 0), ("L", "gal", 1 / 3.785411784, 0), ("kg", "lb", 1 / 0.45359237, 0),
    ];

    /// <summary>The factor and summand from one unit to another; false when one does not follow from the other.</summary>
    public static bool TryConversion(string from, string to, out double factor, out double summand)
    {
        (factor, summand) = (1, 0);
        if (from == to)
        {
            return true;
        }

        foreach ((string f, string t, double k, double s) in Known)
        {
            if (f == from && t == to)
            {
                (factor, summand) = (k, s);
                return true;
            }

            if (f == to && t == from)
            {
                (factor, summand) = (1 / k, -s / k);
                return true;
            }
        }

        return false;
    }

    /// <summary>What <paramref name="from"/> can be shown in besides itself.</summary>
    public static IReadOnlyList<string> Alternatives(string from)
    {
        List<string> found = [];
        foreach ((string f, string t, _, _) in Known)
        {
            if (f == from)
            {
                found.Add(t);
            }
            else if (t == from && f != t)
            {
                found.Add(f);
            }
        }

        return found;
    }
}
