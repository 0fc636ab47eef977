using System;
using MeshIoT.Health;
using MeshIoT.History;

namespace MeshIoT.Agent.Configuration;

/// <summary>The section <c>[history]</c>: whether history is kept, how long, and how soon it is on the disk. Without it history is kept as usual.</summary>
internal static class HistorySection
{
    public const string Name = "history";

    const long LeastBytes = 1 << 20, MostBytes = 1L << 40;

    static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1), LongestBatch = TimeSpan.FromDays(1), Longest = TimeSpan.FromDays(36_500);

    /// <summary>Null when no history is wanted.</summary>
    public static HistoryOptions? Read(ConfigTable root)
    {
        HistoryOptions usual = new();
        if (root.Table(Name) is not { } table)
        {
            return usual;
        }

        bool isWanted = table.Flag("enabled", true);
        HistoryOptions options = usual with
        {
            Batch = table.Time("batch", TimeSpan.FromSeconds(1), LongestBatch) ?? usual.Batch,
            KeepRaw = Keep("keep_raw", usual.KeepRaw),
            KeepMinute = Keep("keep_minute", usual.KeepMinute),
            KeepQuarterHour = Keep("keep_quarter_hour", usual.KeepQuarterHour),
            KeepHour = Keep("keep_hour", usual.KeepHour),
            KeepDay = Keep("keep_day", usual.KeepDay),
            MaxBytes = table.Bytes("max_bytes", LeastBytes, MostBytes) ?? usual.MaxBytes,
            BufferBytes = (int)(table.Bytes("memory", 64 << 10, 256 << 20) ?? usual.BufferBytes),
            Zone = Zone(table),
        };
        table.Finish();
        return isWanted ? options : null;

        TimeSpan Keep(string key, TimeSpan otherwise) => table.Time(key, Shortest, Longest) ?? otherwise;
    }

    static TimeZoneInfo Zone(ConfigTable table) =>
        HistoryTime.TryFindZone(table.Text("zone", "local", 64), out TimeZoneInfo zone) ? zone : throw table.Malformed("zone", "local, utc or a time zone such as \"Europe/Berlin\"");
}
