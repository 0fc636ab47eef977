using System;
using System.Collections.Generic;
using System.Text;

namespace MeshIoT.Web.Http;

/// <summary>What the parser says of the bytes it was given.</summary>
public enum ParseResult
{
    /// <summary>The head is not complete yet.</summary>
    NeedMore,

    /// <summary>The head is complete and valid.</summary>
    Complete,

    /// <summary>It can never become valid; answer the status and close.</summary>
    Refused,
}

/// <summary>
/// Reads the head of an HTTP/1.x request (RFC 9112 sections 2 to 6) out of a buffer. Pure: bytes in, request out; bounded;
/// never throws for what a client sends. Strict where leniency has been abused: one line ending (CR LF), no folded headers,
/// no space before the colon, one Content-Length, no transfer codings.
/// </summary>
public static class HttpRequestParser
{
    /// <summary>Longest head in bytes, request line and headers together.</summary>
    public const int MaxHead = 16 * 1024;

    /// <summary>Longest body in bytes.</summary>
    public const int MaxBody = 64 * 1024;

    const int MaxHeaders = 64;
    const int MaxTarget = 2048;

    /// <summary>Reads a head from the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">All bytes of the connection that are not consumed yet.</param>
    /// <param name="request">The request, when complete.</param>
    /// <param name="headLength">How many bytes the head took, when complete.</param>
    /// <param name="status">The HTTP status to answer, when refused.</param>
    public static ParseResult Parse(ReadOnlySpan<byte> bytes, out HttpRequest? request, out int headLength, out int status)
    {
        (request, headLength, status) = (null, 0, 400);
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            status = 431;
            return bytes.Length >= MaxHead ? ParseResult.Refused : ParseResult.NeedMore;
        }

        if (end > MaxHead)
        {
            status = 431;
            return ParseResult.Refused;
        }

        headLength = end + 4;
        ReadOnlySpan<byte> head = bytes[..(end + 2)];
        int line = head.IndexOf("\r\n"u8);
        if (!TryReadRequestLine(head[..line], out string method, out string target, out bool http11, ref status)
            || !TryReadHeaders(head[(line + 2)..], http11, out HttpFields fields, ref status)
            || !TrySplitTarget(target, out string path, out Dictionary<string, string> query))
        {
            return ParseResult.Refused;
        }

        request = new HttpRequest { Method = method, Path = path, Query = query, Fields = fields, IsHttp11 = http11 };
        return ParseResult.Complete;
    }

    static bool TryReadRequestLine(ReadOnlySpan<byte> line, out string method, out string target, out bool http11, ref int status)
    {
        (method, target, http11) = ("", "", false);
        int first = line.IndexOf((byte)' '), last = line.LastIndexOf((byte)' ');
        if (first is <= 0 or > 16 || last <= first + 1 || !IsToken(line[..first]))
        {
            return false;
        }

        ReadOnlySpan<byte> between = line[(first + 1)..last], version = line[(last + 1)..];
        if (between.Length > MaxTarget)
        {
            status = 414;
            return false;
        }

        http11 = version.SequenceEqual("HTTP/1.1"u8);
        if (!http11 && !version.SequenceEqual("HTTP/1.0"u8))
        {
            status = 505;
            return false;
        }

        if (between[0] != '/' || between.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
        {
            return false;
        }

        method = Encoding.ASCII.GetString(line[..first]);
        target = Encoding.ASCII.GetString(between);
        return true;
    }

    static bool TryReadHeaders(ReadOnlySpan<byte> lines, bool http11, out HttpFields fields, ref int status)
    {
        fields = HttpFields.For(http11);
        for (int count = 0; !lines.IsEmpty; count++)
        {
            int end = lines.IndexOf("\r\n"u8), colon = lines.IndexOf((byte)':');
            if (count >= MaxHeaders)
            {
                status = 431;
                return false;
            }

            if (colon <= 0 || colon > end || !IsToken(lines[..colon]))
            {
                return false;
            }

            ReadOnlySpan<byte> name = lines[..colon], value = lines[(colon + 1)..end].Trim(" \t"u8);
            lines = lines[(end + 2)..];
            if (value.ContainsAnyInRange((byte)0, (byte)8) || value.ContainsAny((byte)'\n', (byte)'\r', (byte)0x7f))
            {
                return false;
            }

            if (fields.Take(name, value, http11) is var refusal && refusal != 0)
            {
                status = refusal;
                return false;
            }
        }

        return fields.AreComplete(http11);
    }

    static bool TrySplitTarget(string target, out string path, out Dictionary<string, string> query)
    {
        query = new(StringComparer.Ordinal);
        int mark = target.IndexOf('?', StringComparison.Ordinal);
        path = Decode(mark < 0 ? target : target[..mark]);
        if (mark >= 0)
        {
            foreach (string pair in target[(mark + 1)..].Split('&', 32))
            {
                int equals = pair.IndexOf('=', StringComparison.Ordinal);
                query[Decode(equals < 0 ? pair : pair[..equals])] = equals < 0 ? "" : Decode(pair[(equals + 1)..].Replace('+', ' '));
            }
        }

        foreach (char c in path)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }

    static string Decode(string text) => Uri.UnescapeDataString(text);

    static bool IsToken(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && !"!#$%&'*+-.^_`|~"u8.Contains(b))
            {
                return false;
            }
        }

        return true;
    }
}
