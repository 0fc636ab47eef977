using System;
using System.Globalization;

namespace MeshIoT.Web.Routing;

/// <summary>Times as a query has them.</summary>
public static class WebTime
{
    /// <summary>Reads a positive time such as 500ms, 10s, 15m, 24h, 7d; false when it is none or more than ten years.</summary>
    public static bool TryParseSpan(string text, out TimeSpan span)
    {
        span = default;
        int unit = text.AsSpan().IndexOfAnyExcept("0123456789.");
        double factor = unit <= 0 ? double.NaN : text[unit..] switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, "d" => 86_400, _ => double.NaN };
        if (unit > 0 && double.TryParse(text.AsSpan(0, unit), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double n) && n * factor is > 0 and < 3.2e8)
        {
            span = TimeSpan.FromSeconds(n * factor);
            return true;
        }

        return false;
    }
}
