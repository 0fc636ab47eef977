using System;
using System.Text;

namespace MeshIoT.Relay;

/// <summary>What the relay reads of an HTTP request: line and a few headers. RFC 9112; bodies are not read.</summary>
internal sealed record RequestHead
{
    const int MaxHeaders = 64, MaxValue = 256;

    public string Method { get; private init; } = "";

    public string Path { get; private init; } = "";

    public string Query { get; private init; } = "";

    public string Upgrade { get; private set; } = "";

    public string Challenge { get; private set; } = "";

    public string IdealNode { get; private set; } = "";

    public bool FastStart { get; private set; }

    public bool KeepAlive { get; private set; } = true;

    /// <summary>The request announces a body.</summary>
    public bool HasBody { get; private set; }

    /// <summary>Reads a head up to its empty line; null when it is none.</summary>
    public static RequestHead? TryRead(ReadOnlySpan<byte> head)
    {
        if (head.IndexOfAnyInRange((byte)0x80, (byte)0xff) >= 0)
        {
            return null;
        }

        int end = head.IndexOf("\r\n"u8);
        RequestHead? request = end < 0 ? null : ReadLine(Encoding.ASCII.GetString(head[..end]));
        ReadOnlySpan<byte> rest = end < 0 ? default : head[(end + 2)..];
        for (int i = 0; request is not null && i < MaxHeaders; i++)
        {
            end = rest.IndexOf("\r\n"u8);
            if (end == 0)
            {
                return request;
            }

            int colon = rest[..Math.Max(0, end)].IndexOf((byte)':');
            if (end < 0 || colon <= 0)
            {
                return null;
            }

            request.Note(Encoding.ASCII.GetString(rest[..colon]), rest[(colon + 1)..end]);
            rest = rest[(end + 2)..];
        }

        return null;
    }

    static RequestHead? ReadLine(string line)
    {
        string[] parts = line.Split(' ');
        if (parts is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"] || !target.StartsWith('/') || method.Length is 0 or > 16)
        {
            return null;
        }

        int question = target.IndexOf('?', StringComparison.Ordinal);
        return new RequestHead
        {
            Method = method,
            Path = question < 0 ? target : target[..question],
            Query = question < 0 ? "" : target[(question + 1)..],
            KeepAlive = parts[2] == "HTTP/1.1",
        };
    }

    void Note(string name, ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.Trim((byte)' ');
        if (bytes.Length > MaxValue)
        {
            return;
        }

        string value = Encoding.ASCII.GetString(bytes);
        switch (name.ToLowerInvariant())
        {
            case "upgrade":
                Upgrade = value.ToLowerInvariant();
                break;
            case "connection":
                KeepAlive = KeepAlive && !value.Contains("close", StringComparison.OrdinalIgnoreCase);
                break;
            case "derp-fast-start":
                FastStart = value == "1";
                break;
            case "x-tailscale-challenge":
                Challenge = value;
                break;
            case "ideal-node":
                IdealNode = value;
                break;
            case "content-length":
                HasBody |= value != "0";
                break;
            case "transfer-encoding":
                HasBody = true;
                break;
            default:
                break;
        }
    }
}
