using System;
using System.Text;
using MeshIoT.Control;

namespace MeshIoT.Coordinator;

/// <summary>
/// The head of <c>POST /ts2021</c> as every client sends it. Whatever deviates (a body, a repeated field, folded lines, too long) is not
/// judged here but left to the HTTP server, so that this reader can be strict. control-plane.md section 3.2, RFC 9112.
/// </summary>
/// <param name="Handshake">Value of X-Tailscale-Handshake, printable ASCII.</param>
/// <param name="HeadLength">Bytes up to and with the empty line; what follows belongs to Noise.</param>
internal sealed record UpgradeRequest(string Handshake, int HeadLength)
{
    /// <summary>Longest head taken, in bytes.</summary>
    public const int MaxHeadLength = 4096;

    const int MaxFields = 32;

    static ReadOnlySpan<byte> RequestLine => "POST /ts2021 HTTP/1.1\r\n"u8;

    /// <summary>Reads the bytes that have come so far.</summary>
    public static UpgradeReading TryRead(ReadOnlySpan<byte> received, out UpgradeRequest? request)
    {
        request = null;
        int compared = Math.Min(received.Length, RequestLine.Length);
        if (!received[..compared].SequenceEqual(RequestLine[..compared]))
        {
            return UpgradeReading.Other;
        }

        int end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return received.Length < MaxHeadLength ? UpgradeReading.Incomplete : UpgradeReading.Other;
        }

        return end <= MaxHeadLength && ReadFields(received[RequestLine.Length..(end + 2)]) is { } handshake
            ? Complete(handshake, end + 4, out request)
            : UpgradeReading.Other;
    }

    static UpgradeReading Complete(string handshake, int headLength, out UpgradeRequest? request)
    {
        request = new UpgradeRequest(handshake, headLength);
        return UpgradeReading.Complete;
    }

    // The handshake, or null when a field is missing, there twice, or not as clients write it.
    static string? ReadFields(ReadOnlySpan<byte> fields)
    {
        string? handshake = null;
        bool isUpgrade = false, isConnectionUpgrade = false, hasHost = false;
        for (int n = 0; fields.Length > 0; n++)
        {
            int lineEnd = fields.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = fields[..lineEnd];
            fields = fields[(lineEnd + 2)..];
            int colon = line.IndexOf((byte)':');
            if (n == MaxFields || colon <= 0 || !IsToken(line[..colon]) || !IsPrintable(line[(colon + 1)..]))
            {
                return null;
            }

            string name = Encoding.ASCII.GetString(line[..colon]).ToLowerInvariant();
            string value = Encoding.ASCII.GetString(line[(colon + 1)..]).Trim(' ');
            bool isGood = name switch
            {
                "host" => !hasHost && (hasHost = value.Length > 0),
                "upgrade" => !isUpgrade && (isUpgrade = value.Equals(Ts2021.UpgradeProtocol, StringComparison.OrdinalIgnoreCase)),
                "connection" => !isConnectionUpgrade && (isConnectionUpgrade = value.Equals("upgrade", StringComparison.OrdinalIgnoreCase)),
                "x-tailscale-handshake" => handshake is null && (handshake = value).Length > 0,
                "content-length" => value == "0",
                "transfer-encoding" or "expect" or "trailer" or "te" => false,
                _ => true,
            };
            if (!isGood)
            {
                return null;
            }
        }

        return isUpgrade && isConnectionUpgrade && hasHost ? handshake : null;
    }

    static bool IsToken(ReadOnlySpan<byte> name)
    {
        foreach (byte b in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_'))
            {
                return false;
            }
        }

        return true;
    }

    static bool IsPrintable(ReadOnlySpan<byte> value) => !value.ContainsAnyExceptInRange((byte)' ', (byte)'~');
}
