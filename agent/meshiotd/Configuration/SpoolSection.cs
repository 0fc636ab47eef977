using System;
using MeshIoT.History;

namespace MeshIoT.Agent.Configuration;

/// <summary>The section <c>[spool]</c>: how much waits for receivers that cannot be reached, and how soon it is on the disk.</summary>
internal static class SpoolSection
{
    public const string Name = "spool";

    /// <summary>What the section says; the usual where it says nothing.</summary>
    public static SpoolOptions Read(ConfigTable root)
    {
        SpoolOptions usual = new();
        if (root.Table(Name) is not { } table)
        {
            return usual;
        }

        SpoolOptions options = usual with
        {
            MaxBytes = table.Bytes("max_bytes", 64 << 10, 1L << 40) ?? usual.MaxBytes,
            MaxAge = table.Time("max_age", TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)) ?? usual.MaxAge,
            Batch = table.Time("batch", TimeSpan.Zero, TimeSpan.FromDays(1)) ?? usual.Batch,
            BufferBytes = table.Bytes("memory", 16 << 10, 256 << 20) ?? usual.BufferBytes,
        };
        table.Finish();
        return options;
    }
}
