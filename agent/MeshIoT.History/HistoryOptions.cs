using System;

namespace MeshIoT.History;

/// <summary>What is kept and how soon it is on the disk.</summary>
public sealed record HistoryOptions
{
    /// <summary>How long values stay in memory before they are written, all at once: what a power cut can cost.</summary>
    public TimeSpan Batch { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long measured values are kept.</summary>
    public TimeSpan KeepRaw { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long minutes are kept.</summary>
    public TimeSpan KeepMinute { get; init; } = TimeSpan.FromDays(180);

    /// <summary>How long quarters of an hour are kept.</summary>
    public TimeSpan KeepQuarterHour { get; init; } = TimeSpan.FromDays(730);

    /// <summary>How long hours are kept.</summary>
    public TimeSpan KeepHour { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>How long days are kept.</summary>
    public TimeSpan KeepDay { get; init; } = TimeSpan.FromDays(7300);

    /// <summary>
    /// Most bytes on the disk: half of it for measured values, a quarter for minutes, an eighth for quarters of an hour, the rest for hours and days. Where
    /// one has more, its oldest go before their age.
    /// </summary>
    public long MaxBytes { get; init; } = 256L << 20;

    /// <summary>Most bytes in memory; beyond it they are written before the time. Three bytes are about one value.</summary>
    public int BufferBytes { get; init; } = 2 << 20;

    /// <summary>Written batches are sorted by sensor and rolled up when they come to so many bytes, and once a day.</summary>
    public int SortBytes { get; init; } = 1 << 20;

    /// <summary>Whose calendar days are rolled up.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>How long a resolution is kept.</summary>
    public TimeSpan Keep(Resolution resolution) => resolution switch
    {
        Resolution.Raw => KeepRaw,
        Resolution.Minute => KeepMinute,
        Resolution.QuarterHour => KeepQuarterHour,
        Resolution.Hour => KeepHour,
        _ => KeepDay,
    };

    /// <summary>Most bytes of a resolution.</summary>
    public long Share(Resolution resolution) => resolution switch
    {
        Resolution.Raw => MaxBytes / 2,
        Resolution.Minute => MaxBytes / 4,
        Resolution.QuarterHour => MaxBytes / 8,
        _ => MaxBytes / 16,
    };
}
