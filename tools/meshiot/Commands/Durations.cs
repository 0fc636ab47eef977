using System;
using System.Globalization;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>Durations as people type them: 500ms, 5s, 2m, 24h, 7d.</summary>
internal static class Durations
{
    /// <summary>Reads a positive duration of at most ten years.</summary>
    /// <exception cref="FaultException">It is none.</exception>
    public static TimeSpan Parse(string text, string option)
    {
        (string Unit, double Seconds)[] units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];
        foreach ((string unit, double seconds) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double n)
                && n * seconds is > 0 and < 315_360_000)
            {
                return TimeSpan.FromSeconds(n * seconds);
            }
        }

        throw Faults.OptionMalformed.With(option, text, "a duration such as 500ms, 5s, 2m, 24h or 7d").ToException();
    }
}
