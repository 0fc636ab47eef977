using System;
using System.Globalization;
using System.IO;

namespace MeshIoT.Linux;

/// <summary>
/// The pages of the program's file and of its libraries that this process has touched. Half of them served the start: settings, the first TLS
/// handshake, the parsing of a netmap. The kernel keeps them mapped, 64 KiB around each place that ran once, until it is short of memory.
/// </summary>
public static class ResidentPages
{
    const int DontNeed = 4;

    /// <summary>
    /// Unmaps what is only a copy of a file, program text and constants. What is needed again comes back from the page cache by a fault of about a
    /// microsecond; nothing is written or lost. Mappings with a page of their own (relocated data) are left alone.
    /// </summary>
    /// <returns>Bytes that were resident and are not any more, as the kernel counted them.</returns>
    public static long Release()
    {
        long released = 0;
        try
        {
            using StreamReader maps = new("/proc/self/smaps");
            (nuint Start, nuint End) range = default;
            bool plain = false;
            long resident = 0;
            while (maps.ReadLine() is { } line)
            {
                if (IsHeader(line))
                {
                    plain = TryRange(line, out range);
                    resident = 0;
                }
                else if (plain && line.StartsWith("Rss:", StringComparison.Ordinal))
                {
                    resident = Kilobytes(line);
                }
                else if (plain && line.StartsWith("Anonymous:", StringComparison.Ordinal) && Kilobytes(line) == 0 && resident > 0)
                {
                    released += Drop(range.Start, range.End) ? resident * 1024 : 0;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A system without /proc keeps its pages.
        }

        return released;
    }

    // START-END PERMISSIONS OFFSET DEVICE INODE PATH; the fields below a header begin with a capital letter.
    static bool IsHeader(string line) => line.Length > 0 && line[0] is (>= '0' and <= '9') or (>= 'a' and <= 'f');

    static bool TryRange(string header, out (nuint Start, nuint End) range)
    {
        range = default;
        int dash = header.IndexOf('-', StringComparison.Ordinal), space = header.IndexOf(' ', StringComparison.Ordinal);
        if (dash <= 0 || space <= dash || !header.AsSpan(space + 1).StartsWith("r") || header.Length < space + 5
            || header[space + 2] != '-' || header[space + 4] != 'p' || !header.Contains(" /", StringComparison.Ordinal))
        {
            return false;
        }

        if (!nuint.TryParse(header.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nuint start)
            || !nuint.TryParse(header.AsSpan(dash + 1, space - dash - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nuint end)
            || end <= start)
        {
            return false;
        }

        range = (start, end);
        return true;
    }

    static long Kilobytes(string field)
    {
        ReadOnlySpan<char> rest = field.AsSpan(field.IndexOf(':', StringComparison.Ordinal) + 1).Trim();
        int space = rest.IndexOf(' ');
        return space > 0 && long.TryParse(rest[..space], NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;
    }

    static unsafe bool Drop(nuint start, nuint end) => Libc.Advise((void*)start, end - start, DontNeed) == 0;
}
