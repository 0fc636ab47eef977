namespace MeshIoT.History;

/// <summary>How fine history is.</summary>
public enum Resolution
{
    /// <summary>Every value as it was measured.</summary>
    Raw,

    /// <summary>One minute.</summary>
    Minute,

    /// <summary>Fifteen minutes.</summary>
    QuarterHour,

    /// <summary>One hour, beginning with the hours of UTC.</summary>
    Hour,

    /// <summary>One calendar day of the gateway's time zone: 23 or 25 hours when the clocks change.</summary>
    Day,

    /// <summary>The finest that reaches back far enough and does not have many more points than are asked for.</summary>
    Auto,
}
