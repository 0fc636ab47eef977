using System;
using System.Buffers.Text;
using System.IO;
using System.Text;

namespace MeshIoT.Sim;

/// <summary>
/// As much of HPACK as a client needs that allows no dynamic table: writes a request's fields, finds status and Retry-After in an answer's.
/// RFC 7541.
/// </summary>
internal static class HeaderBlock
{
    const int AuthorityIndex = 1, PathIndex = 4, ContentLengthIndex = 28, StatusIndex = 8, RetryAfterIndex = 53;
    const byte MethodPost = 0x83, SchemeHttps = 0x87;

    static readonly int[] StaticStatus = [200, 204, 206, 304, 400, 404, 500];

    /// <summary>Fields of a POST with a body; returns their length.</summary>
    public static int WritePost(string path, int contentLength, Span<byte> output)
    {
        output[0] = MethodPost;
        output[1] = SchemeHttps;
        int at = 2;
        at += WriteLiteral(AuthorityIndex, "unused", output[at..]);
        at += WriteLiteral(PathIndex, path, output[at..]);
        return at + WriteLiteral(ContentLengthIndex, contentLength.ToString(System.Globalization.CultureInfo.InvariantCulture), output[at..]);
    }

    /// <summary>Status of an answer, and its Retry-After in seconds (0: none).</summary>
    /// <exception cref="InvalidDataException">It is no header block.</exception>
    public static (int Status, int RetryAfterSeconds) Read(ReadOnlySpan<byte> block)
    {
        int status = 0, retryAfter = 0;
        while (block.Length > 0)
        {
            byte first = block[0];
            if ((first & 0x80) != 0)
            {
                int index = ReadInteger(ref block, 7);
                status = index >= StatusIndex && index < StatusIndex + StaticStatus.Length ? StaticStatus[index - StatusIndex] : status;
                continue;
            }

            if ((first & 0xe0) == 0x20)
            {
                ReadInteger(ref block, 5);
                continue;
            }

            int name = ReadInteger(ref block, (first & 0x40) != 0 ? 6 : 4);
            if (name == 0)
            {
                ReadString(ref block, out _);
            }

            ReadOnlySpan<byte> value = ReadString(ref block, out bool huffman);
            if (!huffman && name == RetryAfterIndex && Utf8Parser.TryParse(value, out int seconds, out _))
            {
                retryAfter = Math.Clamp(seconds, 0, 3600);
            }

            if (!huffman && name >= StatusIndex && name < StatusIndex + StaticStatus.Length && Utf8Parser.TryParse(value, out int number, out _))
            {
                status = number;
            }
        }

        return (status, retryAfter);
    }

    // Literal without indexing, name from the static table; names and values here are short.
    static int WriteLiteral(int nameIndex, string value, Span<byte> output)
    {
        int at = 0;
        if (nameIndex < 15)
        {
            output[at++] = (byte)nameIndex;
        }
        else
        {
            output[at++] = 0x0f;
            output[at++] = (byte)(nameIndex - 15);
        }

        output[at++] = (byte)value.Length;
        return at + Encoding.ASCII.GetBytes(value, output[at..]);
    }

    static int ReadInteger(ref ReadOnlySpan<byte> block, int prefixBits)
    {
        int mask = (1 << prefixBits) - 1;
        int value = Next(ref block) & mask;
        if (value < mask)
        {
            return value;
        }

        for (int shift = 0; shift <= 21; shift += 7)
        {
            byte next = Next(ref block);
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        throw new InvalidDataException("a header integer is too large");
    }

    static ReadOnlySpan<byte> ReadString(ref ReadOnlySpan<byte> block, out bool huffman)
    {
        huffman = block.Length > 0 && (block[0] & 0x80) != 0;
        int length = ReadInteger(ref block, 7);
        if (length > block.Length)
        {
            throw new InvalidDataException("a header string is cut off");
        }

        ReadOnlySpan<byte> value = block[..length];
        block = block[length..];
        return value;
    }

    static byte Next(ref ReadOnlySpan<byte> block)
    {
        if (block.Length == 0)
        {
            throw new InvalidDataException("a header block is cut off");
        }

        byte next = block[0];
        block = block[1..];
        return next;
    }
}
