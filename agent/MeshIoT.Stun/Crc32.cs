using System;

namespace MeshIoT.Stun;

/// <summary>CRC-32 of IEEE 802.3, bit by bit: it runs over forty bytes at a time. RFC 8489 section 14.7.</summary>
internal static class Crc32
{
    const uint Polynomial = 0xEDB88320;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (Polynomial & (0u - (crc & 1)));
            }
        }

        return ~crc;
    }
}
