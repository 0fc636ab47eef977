using System;

namespace MeshIoT.History;

/// <summary>How much a spool keeps, and how soon it is on the disk.</summary>
public sealed record SpoolOptions
{
    /// <summary>Most bytes of messages on the disk, with what each costs beside its content. The file may be a tenth larger, and its log another megabyte.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>Messages that waited longer are dropped, whether or not everybody has them.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long messages that are not urgent stay in memory before they are written: what a power cut can cost. Those that every reader acknowledges
    /// before never reach the disk. Zero: each <see cref="Spool.Append"/> is on the disk when it returns.
    /// </summary>
    public TimeSpan Batch { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Most bytes that wait in memory; beyond it they are written before the time.</summary>
    public long BufferBytes { get; init; } = 1L << 20;
}
