using System;
using System.CommandLine;
using System.Globalization;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>Which stretch of time a command speaks of: <c>--since 24h</c>, or <c>--from</c> and <c>--to</c>.</summary>
internal static class SensorTimes
{
    public static readonly Option<string?> Since = new("--since") { Description = "From this long ago: 30m, 24h, 7d (default 24h).", HelpName = "TIME" };

    public static readonly Option<string?> From = new("--from") { Description = "From then: 2026-11-20, 2026-11-20T08:00, with or without an offset.", HelpName = "WHEN" };

    public static readonly Option<string?> To = new("--to") { Description = "Until before then (default: now).", HelpName = "WHEN" };

    /// <summary>The stretch, in milliseconds since 1970-01-01 UTC.</summary>
    /// <exception cref="FaultException">A time is none, or the end is before the beginning.</exception>
    public static (long From, long To) Read(ParseResult parsed)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow, to = parsed.GetValue(To) is { } end ? Moment(end, "--to") : now;
        (string? since, string? begin) = (parsed.GetValue(Since), parsed.GetValue(From));
        if (since is not null && begin is not null)
        {
            throw Faults.OptionMalformed.With("--since", since, "needed beside --from").ToException();
        }

        DateTimeOffset from = begin is not null ? Moment(begin, "--from") : to - Durations.Parse(since ?? "24h", "--since");
        return from < to ? (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds())
            : throw Faults.OptionMalformed.With(begin is null ? "--to" : "--from", begin ?? parsed.GetValue(To) ?? "", "a time before the end").ToException();
    }

    // Without an offset it is this machine's time, as people think of it.
    static DateTimeOffset Moment(string text, string option) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset at) && at.Year is > 1970 and < 9000
            ? at : throw Faults.OptionMalformed.With(option, text, "a time such as 2026-11-20 or 2026-11-20T08:00:00Z").ToException();
}
