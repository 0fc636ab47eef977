using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.LocalApi;
using MeshIoT.Web.Http;
using MeshIoT.Web.Routing;

namespace MeshIoT.Web.Resources;

/// <summary>What sensors measured: <c>/api/v1/sensors/{id}/history</c>, and the same as CSV for one sensor or several.</summary>
internal sealed class HistoryResource(GatewayContext context)
{
    const int MostSensors = 64, DefaultPoints = 500, MostPoints = 10_000, PieceOfRaw = 4096;

    static readonly WebParameter
        From = new("from", "string", "From then: ISO 8601, milliseconds since 1970, or a time before the end such as 24h. Default: 24h."),
        To = new("to", "string", "Until before then: ISO 8601, or milliseconds since 1970. Default: now."),
        How = new("resolution", "string", "raw, minute, quarter-hour, hour, day or auto."),
        Points = new("points", "integer", "At most so many points, 1 to 10000. What is put together keeps the smallest and the largest value."),
        Zone = new("zone", "string", "Time zone of the times: utc, local (the gateway's) or a name such as Europe/Berlin. Default: utc."),
        Sensors = new("sensor", "string", "Ids of the sensors, with commas between.");

    public IEnumerable<WebRoute> Routes =>
    [
        new("GET", "/api/v1/sensors/{id}/history", "getHistory", "What a sensor measured.", OneAsync)
        {
            Response = GatewayJson.Default.HistoryDto, Query = [From, To, How, Points], Problems = [400, 404],
            Description = "Days are calendar days of the gateway's time zone.",
        },
        new("GET", "/api/v1/sensors/{id}/history.csv", "getHistoryCsv", "The same as CSV.", call => new(Csv(call, [call["id"]])))
        {
            ContentType = "text/csv", Query = [From, To, How, Zone], Problems = [400, 404],
        },
        new("GET", "/api/v1/history.csv", "getHistoriesCsv", "What several sensors measured, as CSV.", call => new(Csv(call, IdsOf(call))))
        {
            ContentType = "text/csv", Query = [Sensors, From, To, How, Zone], Problems = [400, 404],
        },
    ];

    HistoryStore Store => context.History() ?? throw Faults.HistoryOff.With().ToException();

    ValueTask<HttpResponse> OneAsync(WebCall call)
    {
        HistoryStore store = Store;
        (long from, long to) = TimeOf(call, TimeZoneInfo.Utc);
        int points = call.Query("points") is not { } text ? DefaultPoints
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= 1 and <= MostPoints ? n
            : throw WebCall.Malformed("points", $"a number from 1 to {MostPoints}");
        HistorySeries found = store.Query(Known(store, call["id"]), from, to, ResolutionOf(call, Resolution.Auto), points);
        HistoryPointDto[] dtos = new HistoryPointDto[found.Points.Count];
        for (int i = 0; i < dtos.Length; i++)
        {
            HistoryPoint p = found.Points[i];
            dtos[i] = new(p.UnixMs, Round(p.Min), Round(p.Mean), Round(p.Max), p.Count);
        }

        return new(HttpResponse.Json(
            new HistoryDto
            {
                Sensor = found.SensorId, Unit = found.Unit, Resolution = NameOf(found.Resolution), StepMs = found.StepMs, From = from, To = to, Points = dtos,
            },
            GatewayJson.Default.HistoryDto));
    }

    HttpResponse Csv(WebCall call, IReadOnlyList<string> ids)
    {
        HistoryStore store = Store;
        TimeZoneInfo zone = TimeZoneInfo.Utc;
        if (call.Query("zone") is { } name && !HistoryTime.TryFindZone(name, out zone))
        {
            throw WebCall.Malformed("zone", "utc, local or a name such as Europe/Berlin");
        }

        (long from, long to) = TimeOf(call, zone);
        Resolution resolution = ResolutionOf(call, Resolution.Raw);
        if (resolution == Resolution.Auto)
        {
            throw WebCall.Malformed("resolution", "raw, minute, quarter-hour, hour or day");
        }

        foreach (string id in ids)
        {
            Known(store, id);
        }

        return new(200, "text/csv; charset=utf-8", default)
        {
            FileName = "history.csv",
            Writer = (body, stop) => WriteAsync(body, store, ids, from, to, resolution, zone, stop),
        };
    }

    static async Task WriteAsync(
        HttpBody body, HistoryStore store, IReadOnlyList<string> ids, long from, long to, Resolution resolution, TimeZoneInfo zone, CancellationToken stop)
    {
        // Piece by piece: a year of one sensor is a hundred megabytes.
        StringBuilder text = new(HistoryCsv.Header(resolution));
        foreach (string id in ids)
        {
            long begin = from;
            while (begin < to)
            {
                stop.ThrowIfCancellationRequested();
                (HistorySeries piece, begin) = Next(store, id, begin, to, resolution);
                HistoryCsv.Append(text, piece, resolution == Resolution.Raw, zone);
                await SendAsync().ConfigureAwait(false);
            }
        }

        await SendAsync().ConfigureAwait(false);

        async ValueTask SendAsync()
        {
            if (text.Length > 0)
            {
                await body.WriteAsync(Encoding.UTF8.GetBytes(text.ToString())).ConfigureAwait(false);
                text.Clear();
            }
        }
    }

    static (HistorySeries Piece, long Next) Next(HistoryStore store, string id, long from, long to, Resolution resolution)
    {
        try
        {
            if (resolution != Resolution.Raw)
            {
                // From where there is something, so that an endless range ends; pieces begin with spans.
                HistorySeries first = store.Query(id, from, to, resolution, 1);
                long begin = first.Points.Count == 0 ? to : first.Points[0].UnixMs, end = Math.Min(to, begin + PieceOf(resolution));
                return (store.Query(id, begin, end, resolution, HistoryStore.MostPoints), end);
            }

            HistorySeries piece = store.ReadRaw(id, from, to, PieceOfRaw);
            return (piece, piece.Points.Count == 0 ? to : piece.Points[^1].UnixMs + 1);
        }
        catch (ObjectDisposedException e)
        {
            throw new OperationCanceledException("history was switched off", e);
        }
    }

    /// <summary>So much time that no spans are put together.</summary>
    static long PieceOf(Resolution resolution) => resolution switch
    {
        Resolution.Minute => 10L * 86_400_000,
        Resolution.QuarterHour => 100L * 86_400_000,
        Resolution.Hour => 400L * 86_400_000,
        _ => 1L << 50,
    };

    static string Known(HistoryStore store, string id) =>
        store.Knows(id) ? id : throw Faults.NoSuchSensor.With(id.Length <= 80 ? id : id[..80] + "…").ToException();

    static string[] IdsOf(WebCall call)
    {
        string[] ids = (call.Query("sensor") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return ids.Length is >= 1 and <= MostSensors ? ids : throw WebCall.Malformed("sensor", $"1 to {MostSensors} ids with commas between");
    }

    (long From, long To) TimeOf(WebCall call, TimeZoneInfo zone)
    {
        const string Expects = "a time such as 2026-10-25T02:30:00Z";
        long to = context.Time.GetUtcNow().ToUnixTimeMilliseconds() + 1;
        if (call.Query("to") is { } end && !HistoryTime.TryParse(end, zone, out to))
        {
            throw WebCall.Malformed("to", Expects);
        }

        long from = to - 86_400_000;
        if (call.Query("from") is { } begin && !HistoryTime.TryParse(begin, zone, out from))
        {
            from = WebTime.TryParseSpan(begin, out TimeSpan span) ? to - (long)span.TotalMilliseconds : throw WebCall.Malformed("from", Expects + " or 24h");
        }

        return from <= to ? (from, to) : throw WebCall.Malformed("from", "a time before the end");
    }

    static Resolution ResolutionOf(WebCall call, Resolution otherwise) => call.Query("resolution") switch
    {
        null => otherwise,
        "raw" => Resolution.Raw,
        "minute" => Resolution.Minute,
        "quarter-hour" => Resolution.QuarterHour,
        "hour" => Resolution.Hour,
        "day" => Resolution.Day,
        "auto" => Resolution.Auto,
        _ => throw WebCall.Malformed("resolution", "raw, minute, quarter-hour, hour, day or auto"),
    };

    static string NameOf(Resolution resolution) => resolution switch
    {
        Resolution.Raw => "raw",
        Resolution.Minute => "minute",
        Resolution.QuarterHour => "quarter-hour",
        Resolution.Hour => "hour",
        _ => "day",
    };

    static double Round(double value) => Math.Round(value, 6);
}
