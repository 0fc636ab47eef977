using System;
using System.IO;

namespace MeshIoT.Sensors.Host;

/// <summary>Share of the file system at <paramref name="mountPoint"/> that is taken.</summary>
internal sealed class DiskUsed(string mountPoint) : Sensor(
    new("host.disk_used", "Disk used", "host", "disk_used", "%"))
{
    public override bool TryRead(long unixMs, out double value)
    {
        value = 0;
        try
        {
            DriveInfo drive = new(mountPoint);
            if (drive.TotalSize <= 0)
            {
                return false;
            }

            value = Math.Round(100.0 * (drive.TotalSize - drive.AvailableFreeSpace) / drive.TotalSize, 1);
            return value is >= 0 and <= 100;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
