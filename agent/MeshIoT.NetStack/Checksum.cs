using System;

namespace MeshIoT.NetStack;

/// <summary>
/// The Internet checksum, RFC 1071. Sums are kept in the machine's own byte order (section 2 (B)), eight bytes at a
/// time, and swapped once at the end: one's complement addition does not care. Every part but the last has an even length.
/// </summary>
internal static class Checksum
{
    static readonly bool LittleEndian = BitConverter.ToUInt16(new byte[] { 1, 0 }, 0) == 1;

    /// <summary>Adds a part to an unfolded sum; 2^32 words of 32 bits fit before it could overflow.</summary>
    public static ulong Add(ulong sum, byte[] bytes, int offset, int length)
    {
        int end = offset + length;
        while (end - offset >= 16)
        {
            ulong a = BitConverter.ToUInt64(bytes, offset), b = BitConverter.ToUInt64(bytes, offset + 8);
            sum += (a & 0xFFFFFFFF) + (a >> 32) + (b & 0xFFFFFFFF) + (b >> 32);
            offset += 16;
        }

        while (end - offset >= 2)
        {
            sum += BitConverter.ToUInt16(bytes, offset);
            offset += 2;
        }

        if (offset < end)
        {
            sum += LittleEndian ? bytes[offset] : (uint)bytes[offset] << 8;
        }

        return sum;
    }

    /// <summary>Adds one 16-bit number of the pseudo header.</summary>
    public static ulong AddValue(ulong sum, int value)
    {
        return sum + (uint)(LittleEndian ? ((value & 0xFF) << 8) | ((value >> 8) & 0xFF) : value & 0xFFFF);
    }

    /// <summary>The pseudo header of RFC 9293 section 3.1 and RFC 8200 section 8.1; payloads stay below 64 KiB, so the upper length word is zero.</summary>
    public static ulong PseudoHeader(byte[] source, int sourceAt, byte[] destination, int destinationAt, int addressLength, int protocol, int length)
    {
        ulong sum = Add(Add(0, source, sourceAt, addressLength), destination, destinationAt, addressLength);
        return AddValue(AddValue(sum, protocol), length);
    }

    /// <summary>The value for the checksum field, ready for <see cref="BigEndian.Put16"/>.</summary>
    public static int Finish(ulong sum)
    {
        int folded = ~Fold(sum) & 0xFFFF;
        return LittleEndian ? ((folded & 0xFF) << 8) | (folded >> 8) : folded;
    }

    /// <summary>True if the sum over data and its checksum field is right.</summary>
    public static bool IsValid(ulong sum)
    {
        return Fold(sum) == 0xFFFF;
    }

    static int Fold(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (int)sum;
    }
}
