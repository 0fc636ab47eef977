using System;
using System.Globalization;
using System.Linq;

namespace MeshIoT.History;

/// <summary>Times of history as text: ISO 8601 with the offset that was in force then, so that the hour that comes twice in autumn is told apart.</summary>
public static class HistoryTime
{
    /// <summary>Such as <c>2026-10-25T02:30:00.000+01:00</c>; for UTC with a Z.</summary>
    public static string Text(long unixMs, TimeZoneInfo zone)
    {
        DateTimeOffset utc = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, -62_000_000_000_000, 253_000_000_000_000));
        return zone.Equals(TimeZoneInfo.Utc)
            ? utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : TimeZoneInfo.ConvertTime(utc, zone).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a moment: milliseconds since 1970-01-01 UTC, or ISO 8601; a date or time without an offset is of <paramref name="zone"/>.</summary>
    public static bool TryParse(string text, TimeZoneInfo zone, out long unixMs)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out unixMs))
        {
            return Math.Abs(unixMs) < 1L << 47;
        }

        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime time) || time.Year is < 2 or > 9998)
        {
            return false;
        }

        // Where the clocks skip an hour, a time within it is taken as if they had not been set yet.
        DateTimeOffset at = time.Kind == DateTimeKind.Unspecified
            ? new DateTimeOffset(time, zone.IsInvalidTime(time) ? zone.GetUtcOffset(time.AddHours(-2)) : zone.GetUtcOffset(time))
            : new DateTimeOffset(time.ToUniversalTime());
        unixMs = at.ToUnixTimeMilliseconds();
        return true;
    }

    /// <summary>Finds a zone: <c>utc</c>, <c>local</c> (the gateway's), or a name of the tz database such as <c>Europe/Berlin</c>.</summary>
    public static bool TryFindZone(string name, out TimeZoneInfo zone)
    {
        zone = name is "local" ? TimeZoneInfo.Local : TimeZoneInfo.Utc;
        if (name is "utc" or "UTC" or "local")
        {
            return true;
        }

        // Names become file names: nothing but what zones are called.
        bool isName = name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
        if (isName && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? found))
        {
            zone = found;
            return true;
        }

        return false;
    }
}
