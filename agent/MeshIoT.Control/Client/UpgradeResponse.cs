using System;
using System.Text;

namespace MeshIoT.Control;

/// <summary>The head of the answer to an upgrade request. control-plane.md section 3.2.</summary>
/// <param name="Status">HTTP status, 100-599.</param>
/// <param name="Upgrade">Value of the Upgrade header.</param>
/// <param name="Location">Value of the Location header, of a redirect.</param>
/// <param name="HeadLength">Bytes up to and with the empty line; what follows belongs to the next layer.</param>
internal sealed record UpgradeResponse(int Status, string? Upgrade, string? Location, int HeadLength)
{
    /// <summary>Longest head taken.</summary>
    public const int MaxHeadLength = 8 * 1024;

    const int ShortestStatusLine = 12; // "HTTP/1.1 101"

    /// <summary>True for the one answer that opens a connection.</summary>
    public bool IsUpgrade => Status == 101 && string.Equals(Upgrade, Ts2021.UpgradeProtocol, StringComparison.OrdinalIgnoreCase);

    /// <summary>False: no HTTP. True with null: more bytes are needed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> received, out UpgradeResponse? response)
    {
        response = null;
        ReadOnlySpan<byte> start = "HTTP/1."u8;
        int compared = Math.Min(received.Length, start.Length);
        if (!received[..compared].SequenceEqual(start[..compared]))
        {
            return false;
        }

        int end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return received.Length < MaxHeadLength;
        }

        if (end > MaxHeadLength || end < ShortestStatusLine || received[8] != ' '
            || !int.TryParse(Encoding.Latin1.GetString(received.Slice(9, 3)), out int status) || status is < 100 or > 599)
        {
            return false;
        }

        string head = Encoding.Latin1.GetString(received[..end]);
        response = new(status, Header(head, "Upgrade"), Header(head, "Location"), end + 4);
        return true;
    }

    static string? Header(string head, string name)
    {
        foreach (ReadOnlySpan<char> line in head.AsSpan().EnumerateLines())
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
