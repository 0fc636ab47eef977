using System;
using System.Globalization;
using System.Text;

namespace MeshIoT.Web.Http;

/// <summary>The header fields of a request that this server knows (RFC 9110); all others are checked for their form and forgotten.</summary>
public sealed class HttpFields
{
    const int Longest = 1024;
    bool hasHost, hasLength, hasToken;

    /// <summary>Host, or "".</summary>
    public string Host { get; private set; } = "";

    /// <summary>Content-Length; 0 when it is not there.</summary>
    public int ContentLength { get; private set; }

    /// <summary>What Connection says, or what the version means by itself.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>If-None-Match as it stands; "" when it is not there.</summary>
    public string IfNoneMatch { get; private set; } = "";

    /// <summary>Whether Accept-Encoding names gzip and does not refuse it.</summary>
    public bool AcceptsGzip { get; private set; }

    /// <summary>Media type of the body without parameters, small letters; "" when it is not there.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>Origin: the site whose page sends the request; "" when it is not there.</summary>
    public string Origin { get; private set; } = "";

    /// <summary>The token of "Authorization: Bearer …"; a secret. Empty when there is none.</summary>
    public ReadOnlyMemory<byte> Token { get; private set; }

    /// <summary>What is so before any field is read.</summary>
    internal static HttpFields For(bool isHttp11) => new() { KeepAlive = isHttp11 };

    /// <summary>Whether the fields are enough for the version: HTTP/1.1 must name its host.</summary>
    internal bool AreComplete(bool isHttp11) => hasHost || !isHttp11;

    /// <summary>Takes a field.</summary>
    /// <returns>0, or the HTTP status that refuses it.</returns>
    internal int Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isHttp11)
    {
        switch (name.Length)
        {
            case 4 when Is(name, "host"):
                return TakeHost(value);
            case 6 when Is(name, "origin"):
                Origin = Text(value);
                return 0;
            case 10 when Is(name, "connection"):
                KeepAlive = isHttp11 ? !Is(value, "close") : Is(value, "keep-alive");
                return 0;
            case 12 when Is(name, "content-type"):
                int end = value.IndexOf((byte)';');
                ContentType = Text(end < 0 ? value : value[..end].TrimEnd((byte)' ')).ToLowerInvariant();
                return 0;
            case 13 when Is(name, "authorization"):
                return TakeAuthorization(value);
            case 13 when Is(name, "if-none-match"):
                IfNoneMatch = Text(value);
                return 0;
            case 14 when Is(name, "content-length"):
                return TakeLength(value);
            case 15 when Is(name, "accept-encoding"):
                AcceptsGzip = NamesGzip(value);
                return 0;
            case 17 when Is(name, "transfer-encoding"):
                return 501;
            default:
                return 0;
        }
    }

    int TakeHost(ReadOnlySpan<byte> value)
    {
        if (hasHost || value.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
        {
            return 400;
        }

        (hasHost, Host) = (true, Encoding.ASCII.GetString(value));
        return 0;
    }

    int TakeLength(ReadOnlySpan<byte> value)
    {
        if (hasLength || value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int length))
        {
            return 400;
        }

        (hasLength, ContentLength) = (true, length);
        return length > HttpRequestParser.MaxBody ? 413 : 0;
    }

    // Two of them, and nobody knows who asks.
    int TakeAuthorization(ReadOnlySpan<byte> value)
    {
        if (hasToken)
        {
            return 400;
        }

        hasToken = true;
        if (value.Length > 7 && Is(value[..7], "bearer ") && value.Length <= Longest)
        {
            Token = value[7..].ToArray();
        }

        return 0;
    }

    // "gzip;q=0" and "gzip;q=0.0" refuse it.
    static bool NamesGzip(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            int comma = value.IndexOf((byte)',');
            ReadOnlySpan<byte> one = (comma < 0 ? value : value[..comma]).Trim(" \t"u8);
            value = comma < 0 ? default : value[(comma + 1)..];
            int mark = one.IndexOf((byte)';');
            if (Is((mark < 0 ? one : one[..mark]).TrimEnd((byte)' '), "gzip"))
            {
                return mark < 0 || one[(mark + 1)..].ContainsAnyInRange((byte)'1', (byte)'9');
            }
        }

        return false;
    }

    static string Text(ReadOnlySpan<byte> value) => value.Length <= Longest ? Encoding.ASCII.GetString(value) : "";

    static bool Is(ReadOnlySpan<byte> bytes, string lower) => Ascii.EqualsIgnoreCase(bytes, lower);
}
