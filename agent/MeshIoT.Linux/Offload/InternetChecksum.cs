using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MeshIoT.Crypto;

namespace MeshIoT.Linux.Offload;

/// <summary>
/// The Internet checksum, for whole packets at a time. RFC 1071. Words are added as they lie in memory: the order of their bytes does not matter
/// to the sum as long as the result is stored the same way (section 2, point B). Sums are not folded, so that parts can be added up.
/// </summary>
static unsafe class InternetChecksum
{
    // Headers are not worth the call.
    const int Long = 96;

    /// <summary>The sum of the words; an odd last byte counts as if a zero followed. At most 2^20 bytes.</summary>
    internal static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            return Sum(first, bytes.Length);
        }
    }

    /// <inheritdoc cref="Sum(ReadOnlySpan{byte})"/>
    internal static ulong Sum(byte* bytes, int length) => length >= Long ? WideSums.Sum(bytes, length) : WideSums.SumShort(bytes, length);

    /// <summary>Copies, and gives the sum of what was copied: one way through memory for both.</summary>
    internal static ulong Copy(byte* from, byte* to, int length) => WideSums.Copy(from, to, length);

    /// <summary>What a 16-bit number adds to the sum.</summary>
    internal static ulong Word(int value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness((ushort)value) : (ushort)value;

    /// <summary>What TCP and UDP add to theirs: addresses, protocol, length. RFC 9293 section 3.1, RFC 8200 section 8.1.</summary>
    internal static ulong PseudoHeader(ReadOnlySpan<byte> addresses, int protocol, int length) => Sum(addresses) + Word(protocol) + Word(length);

    /// <summary>The sum in 16 bits, for storing with <see cref="Store"/>.</summary>
    internal static ushort Fold(ulong sum)
    {
        sum = (sum & uint.MaxValue) + (sum >> 32);
        sum = (sum & ushort.MaxValue) + (sum >> 16 & ushort.MaxValue) + (sum >> 32);
        sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)((sum & ushort.MaxValue) + (sum >> 16));
    }

    /// <summary>Puts a folded sum, or its complement, into a packet.</summary>
    internal static void Store(Span<byte> at, int folded) => MemoryMarshal.Write(at, (ushort)folded);
}
