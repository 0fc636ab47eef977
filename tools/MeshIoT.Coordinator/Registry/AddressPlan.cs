using System;
using System.Buffers.Binary;
using System.Net;

namespace MeshIoT.Coordinator;

/// <summary>
/// The addresses of a tailnet, one pair per index, given out in order and never twice: IPv4 100.64.0.0/10 + index,
/// IPv6 fd7a:115c:a1e0:: + index. Skipped: the first and last IPv4, 100.100.100.0/24 (MagicDNS and its neighbours),
/// 100.115.92.0/23 (ChromeOS), and fd7a:115c:a1e0::53 (MagicDNS). The other reserved IPv6 blocks lie above every index.
/// </summary>
internal static class AddressPlan
{
    const uint Base = 100u << 24 | 64u << 16;
    const long Size = 1L << 22;
    const long MagicDns6 = 0x53;

    /// <summary>The first index at or after <paramref name="index"/> that may be given out, or -1 when there is none.</summary>
    public static long NextUsable(long index)
    {
        for (index = Math.Max(index, 1); index < Size - 1; index++)
        {
            if (!IsReserved(index))
            {
                return index;
            }
        }

        return -1;
    }

    public static IPAddress IPv4(long index)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Base + (uint)index);
        return new IPAddress(bytes);
    }

    public static IPAddress IPv6(long index)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        ReadOnlySpan<byte> prefix = [0xfd, 0x7a, 0x11, 0x5c, 0xa1, 0xe0];
        prefix.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], (uint)index);
        return new IPAddress(bytes);
    }

    static bool IsReserved(long index)
    {
        uint address = Base + (uint)index;
        return index == MagicDns6
            || (address & 0xffff_ff00) == (100u << 24 | 100u << 16 | 100u << 8)
            || (address & 0xffff_fe00) == (100u << 24 | 115u << 16 | 92u << 8);
    }
}
