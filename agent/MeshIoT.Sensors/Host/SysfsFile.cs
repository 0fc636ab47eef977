using System;
using System.Globalization;
using System.IO;
using System.Text;

namespace MeshIoT.Sensors.Host;

/// <summary>Reads the small text files of /proc and /sys. Bounded; a file that cannot be read is a plain "no".</summary>
internal static class SysfsFile
{
    /// <summary>More than any attribute holds (a sysfs attribute is at most one page).</summary>
    const int MaxBytes = 8192;

    public static bool TryReadText(string path, out string text)
    {
        text = "";
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            Span<byte> bytes = stackalloc byte[MaxBytes];
            int length = 0;
            while (length < MaxBytes)
            {
                int n = file.Read(bytes[length..]);
                if (n == 0)
                {
                    break;
                }

                length += n;
            }

            text = Encoding.UTF8.GetString(bytes[..length]);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Writes to a file that is there; null, or why it could not be.</summary>
    public static string? Write(string path, string text)
    {
        try
        {
            using FileStream file = new(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.ASCII.GetBytes(text));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return $"{path}: {e.Message.TrimEnd('.')}";
        }
    }

    public static string ReadWord(string path) => TryReadText(path, out string text) ? text.Trim() : "";

    public static bool TryReadNumber(string path, out double value)
    {
        value = 0;
        return TryReadText(path, out string text)
            && double.TryParse(text.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    public static string[] Directories(string path, string pattern)
    {
        try
        {
            // Entries of /sys/class are links to directories; GetDirectories follows them.
            string[] found = Directory.Exists(path) ? Directory.GetDirectories(path, pattern) : [];
            Array.Sort(found, StringComparer.Ordinal);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>What stands in a folder of device nodes.</summary>
    public static string[] Nodes(string path, string pattern)
    {
        try
        {
            return Directory.Exists(path) ? Directory.GetFileSystemEntries(path, pattern) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static string[] Files(string path, string pattern)
    {
        try
        {
            string[] found = Directory.Exists(path) ? Directory.GetFiles(path, pattern) : [];
            Array.Sort(found, StringComparer.Ordinal);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
