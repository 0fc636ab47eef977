namespace MeshIoT.Sensors;

/// <summary>What a person says of one value of a sensor. Null: nothing said.</summary>
public sealed record QuantityEntry
{
    /// <summary>Unit to give the value in instead of the driver's: see <see cref="Units"/>.</summary>
    public string? Unit { get; init; }

    /// <summary>Calibration: the value is <c>raw × scale + offset</c>, in the driver's unit.</summary>
    public double? Offset { get; init; }

    /// <summary>Calibration factor; not 0.</summary>
    public double? Scale { get; init; }

    /// <summary>The value is passed on only when it differs by this much from the one passed on last, or after <see cref="ReportAtLeastEverySeconds"/>.</summary>
    public double? ReportOnChange { get; init; }

    /// <summary>Longest silence under <see cref="ReportOnChange"/>, seconds; default 15 minutes.</summary>
    public double? ReportAtLeastEverySeconds { get; init; }

    /// <summary>Alarm below this, in the shown unit.</summary>
    public double? Low { get; init; }

    /// <summary>Alarm above this, in the shown unit.</summary>
    public double? High { get; init; }

    /// <summary>How far back inside the limits the value must come for the alarm to end; default 2 % of the limit's size.</summary>
    public double? Hysteresis { get; init; }

    /// <summary>How long the limit must be crossed before it counts, seconds; default 0.</summary>
    public double? ForSeconds { get; init; }

    /// <summary>This entry, with <paramref name="common"/> where it says nothing.</summary>
    public QuantityEntry Over(QuantityEntry common) => new()
    {
        Unit = Unit ?? common.Unit,
        Offset = Offset ?? common.Offset,
        Scale = Scale ?? common.Scale,
        ReportOnChange = ReportOnChange ?? common.ReportOnChange,
        ReportAtLeastEverySeconds = ReportAtLeastEverySeconds ?? common.ReportAtLeastEverySeconds,
        Low = Low ?? common.Low,
        High = High ?? common.High,
        Hysteresis = Hysteresis ?? common.Hysteresis,
        ForSeconds = ForSeconds ?? common.ForSeconds,
    };
}
