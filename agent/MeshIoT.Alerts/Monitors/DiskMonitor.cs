using System;
using System.Globalization;
using System.IO;
using MeshIoT.Health;

namespace MeshIoT.Alerts.Monitors;

/// <summary>Judges how much room is left on the disk of a directory.</summary>
public sealed class DiskMonitor
{
    const double LowShare = 0.10, FullShare = 0.03;
    const long LowBytes = 1_000_000_000, FullBytes = 100_000_000;

    /// <summary>A fault that is there ends only with a quarter more room than began it.</summary>
    const double Back = 1.25;

    Fault? now;

    /// <summary>What there is to say of the disk of <paramref name="directory"/>; null: room enough, or not to be told.</summary>
    public FaultReport? Look(string directory)
    {
        try
        {
            DriveInfo drive = new(directory);
            return Judge(directory, drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Judges a disk with <paramref name="free"/> of <paramref name="total"/> bytes left: little of a large disk is still much.</summary>
    internal FaultReport? Judge(string directory, long free, long total)
    {
        if (total <= 0)
        {
            return null;
        }

        bool IsUnder(double share, long bytes, bool isAlready) => free < Math.Min(share * total, bytes) * (isAlready ? Back : 1);
        now = IsUnder(FullShare, FullBytes, now == Faults.DiskFull) ? Faults.DiskFull
            : IsUnder(LowShare, LowBytes, now is not null) ? Faults.DiskLow : null;
        return now?.With(directory, string.Create(CultureInfo.InvariantCulture, $"{free / 1e6:0} MB ({100.0 * free / total:0.0} %)"));
    }
}
