using System;
using System.Globalization;
using System.IO;

namespace MeshIoT.History;

/// <summary>What this program had written to disks, as the kernel counts it (write_bytes of /proc/self/io: pages, at the moment they are made dirty).</summary>
public static class DiskWear
{
    /// <summary>Bytes since the program began; null where the kernel does not say.</summary>
    public static long? WrittenBytes
    {
        get
        {
            try
            {
                foreach (string line in File.ReadLines("/proc/self/io"))
                {
                    if (line.StartsWith("write_bytes: ", StringComparison.Ordinal)
                        && long.TryParse(line.AsSpan(13), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
                    {
                        return bytes;
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A kernel without this account.
            }

            return null;
        }
    }
}
