using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace MeshIoT.LocalApi;

/// <summary>Body of <c>GET /api/v1/sensors/{id}/history</c>.</summary>
public sealed record HistoryDto
{
    /// <summary>Id of the sensor.</summary>
    public required string Sensor { get; init; }

    /// <summary>Unit of all values; empty when there is no history of the sensor.</summary>
    public required string Unit { get; init; }

    /// <summary>What the points were made of: raw, minute, quarter-hour, hour or day.</summary>
    public required string Resolution { get; init; }

    /// <summary>How long the span of a point is, milliseconds; 0: each point is one measured value. Days are 24 h here, though some are longer or shorter.</summary>
    public long StepMs { get; init; }

    /// <summary>From then, milliseconds since 1970-01-01 UTC.</summary>
    public long From { get; init; }

    /// <summary>Until before then.</summary>
    public long To { get; init; }

    /// <summary>The points, in the order of time; spans without a value have none.</summary>
    public required IReadOnlyList<HistoryPointDto> Points { get; init; }
}

/// <summary>One value, or what several come to. The time's name is short: there may be thousands.</summary>
/// <param name="UnixMs"><c>t</c>: when it was measured, or when its span begins; milliseconds since 1970-01-01 UTC.</param>
/// <param name="Min">The smallest value.</param>
/// <param name="Mean">The mean of all values.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Count">How many values.</param>
public sealed record HistoryPointDto([property: JsonPropertyName("t")] long UnixMs, double Min, double Mean, double Max, long Count);
