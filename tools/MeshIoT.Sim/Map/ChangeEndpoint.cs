using System;
using System.Globalization;
using System.Net;

namespace MeshIoT.Sim;

/// <summary>A change's number as an endpoint that any coordinator passes on: 198.18.0.0/15 (RFC 2544: benchmarks) has 17 bits of its own.</summary>
internal static class ChangeEndpoint
{
    /// <summary>The largest number.</summary>
    public const int Max = (1 << 17) - 1;

    public static string Format(int change) =>
        string.Create(CultureInfo.InvariantCulture, $"198.{18 + (change >> 16)}.{(change >> 8) & 255}.{change & 255}:41641");

    /// <summary>-1 for an endpoint of another kind.</summary>
    public static int Parse(ReadOnlySpan<byte> text)
    {
        if (!IPEndPoint.TryParse(System.Text.Encoding.ASCII.GetString(text), out IPEndPoint? endpoint))
        {
            return -1;
        }

        Span<byte> address = stackalloc byte[16];
        return endpoint.Address.TryWriteBytes(address, out int length) && length == 4 && address[0] == 198 && address[1] is 18 or 19
            ? ((address[1] - 18) << 16) | (address[2] << 8) | address[3]
            : -1;
    }
}
