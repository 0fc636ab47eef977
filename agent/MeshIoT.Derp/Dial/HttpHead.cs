using System;
using System.IO;
using System.Text;

namespace MeshIoT.Derp;

/// <summary>The head of an HTTP answer: status and headers, of which only what is asked for is looked at.</summary>
internal sealed class HttpHead
{
    /// <summary>Longest head taken.</summary>
    public const int MaxLength = 8 * 1024;

    const int ShortestStatusLine = 12; // "HTTP/1.1 101"

    readonly string text;

    HttpHead(int status, string text, int length)
    {
        (Status, this.text, Length) = (status, text, length);
    }

    /// <summary>100 to 599.</summary>
    public int Status { get; }

    /// <summary>Bytes up to and with the empty line; what follows belongs to the next layer.</summary>
    public int Length { get; }

    /// <summary>False: no HTTP. True with null: more bytes are needed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> received, out HttpHead? head)
    {
        head = null;
        ReadOnlySpan<byte> start = "HTTP/1."u8;
        int compared = Math.Min(received.Length, start.Length);
        if (!received[..compared].SequenceEqual(start[..compared]))
        {
            return false;
        }

        int end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return received.Length < MaxLength;
        }

        if (end > MaxLength || end < ShortestStatusLine || received[8] != ' '
            || !int.TryParse(Encoding.Latin1.GetString(received.Slice(9, 3)), out int status) || status is < 100 or > 599)
        {
            return false;
        }

        head = new(status, Encoding.Latin1.GetString(received[..end]), end + 4);
        return true;
    }

    /// <summary>
    /// Reads until the head is whole; <paramref name="buffer"/> has <see cref="MaxLength"/> bytes. The head, or null for what is no HTTP
    /// or ends before; and how much of the buffer is filled.
    /// </summary>
    public static (HttpHead? Head, int Filled) Read(Stream stream, byte[] buffer)
    {
        int filled = 0;
        while (true)
        {
            int count = filled < buffer.Length ? stream.Read(buffer, filled, buffer.Length - filled) : 0;
            filled += count;
            if (count == 0 || !TryRead(buffer.AsSpan(0, filled), out HttpHead? head))
            {
                return (null, filled);
            }

            if (head is not null)
            {
                return (head, filled);
            }
        }
    }

    /// <summary>The first header of that name, trimmed; null when there is none.</summary>
    public string? Header(string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon > 0 && line[..colon].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(colon + 1)..].Trim().ToString();
            }
        }

        return null;
    }
}
