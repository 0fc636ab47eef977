using System;
using System.Globalization;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>Values of outputs as people and programs write them.</summary>
public static class OutputValue
{
    /// <summary>
    /// Reads <c>on</c>, <c>off</c>, <c>true</c>, <c>false</c> (any case), a number, or a number with the output's unit. On is a level's highest value, off
    /// its lowest.
    /// </summary>
    /// <returns>Null when <paramref name="value"/> is one that the output takes.</returns>
    public static FaultReport? TryParse(OutputDescription output, string text, out double value)
    {
        string trimmed = text.Length <= 64 ? text.Trim() : "";
        string number = output.Unit.Length > 0 && trimmed.EndsWith(output.Unit, StringComparison.Ordinal) ? trimmed[..^output.Unit.Length] : trimmed;
        if (trimmed.Equals("on", StringComparison.OrdinalIgnoreCase) || trimmed.Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            value = output.Highest;
        }
        else if (trimmed.Equals("off", StringComparison.OrdinalIgnoreCase) || trimmed.Equals("false", StringComparison.OrdinalIgnoreCase))
        {
            value = output.Lowest;
        }
        else if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return Malformed(output, trimmed.Length > 0 ? trimmed : "nothing, or too much");
        }

        return Check(output, value);
    }

    /// <summary>Null when the output takes <paramref name="value"/>.</summary>
    public static FaultReport? Check(OutputDescription output, double value) =>
        (output.Kind == OutputKind.Switch ? value is 0 or 1 : value >= output.Lowest && value <= output.Highest)
            ? null : Malformed(output, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>The value for people: <c>on</c>, <c>off</c>, <c>37.5 %</c>.</summary>
    public static string Text(OutputDescription output, double value) =>
        output.Kind == OutputKind.Switch ? value != 0 ? "on" : "off" : string.Create(CultureInfo.InvariantCulture, $"{value:0.######} {output.Unit}").TrimEnd();

    static FaultReport Malformed(OutputDescription output, string text) => Faults.OutputValueMalformed.With(
        output.Id, text, output.Kind == OutputKind.Switch ? "on or off" : string.Create(CultureInfo.InvariantCulture, $"on, off, or a number from {output.Lowest:R} to {output.Highest:R} {output.Unit}").TrimEnd());
}
