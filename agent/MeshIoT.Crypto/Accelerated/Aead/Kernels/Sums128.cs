using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeshIoT.Crypto.Kernels;

/// <summary>The Internet checksum's sum (RFC 1071) on any CPU, 32 bytes at a time; see <see cref="WideSums"/>.</summary>
internal static unsafe class Sums128
{
    const int Step = 32;

    /// <summary>The sum.</summary>
    public static ulong Sum128(byte* bytes, nint length)
    {
        // Each half of each lane is added by itself: nothing can overflow, so there is no carry to keep.
        Vector128<ulong> low = default, high = default, mask = Vector128.Create((ulong)uint.MaxValue);
        for (; length >= Step; length -= Step, bytes += Step)
        {
            Vector128<ulong> a = Vector128.Load((ulong*)bytes), b = Vector128.Load((ulong*)(bytes + (Step / 2)));
            low += (a & mask) + (b & mask);
            high += (a >>> 32) + (b >>> 32);
        }

        return Vector128.Sum(low + high) + Rest(bytes, length);
    }

    /// <summary>Copies the bytes and gives their sum.</summary>
    public static ulong Copy128(byte* from, byte* to, nint length)
    {
        Vector128<ulong> low = default, high = default, mask = Vector128.Create((ulong)uint.MaxValue);
        for (; length >= Step; length -= Step, from += Step, to += Step)
        {
            Vector128<ulong> a = Vector128.Load((ulong*)from), b = Vector128.Load((ulong*)(from + (Step / 2)));
            a.Store((ulong*)to);
            b.Store((ulong*)(to + (Step / 2)));
            low += (a & mask) + (b & mask);
            high += (a >>> 32) + (b >>> 32);
        }

        return Vector128.Sum(low + high) + CopyRest(from, to, length);
    }

    /// <summary>The sum of fewer bytes than a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Rest(byte* bytes, nint length)
    {
        ulong sum = 0;
        for (; length >= sizeof(uint); length -= sizeof(uint), bytes += sizeof(uint))
        {
            sum += *(uint*)bytes;
        }

        if (length >= sizeof(ushort))
        {
            sum += *(ushort*)bytes;
            bytes += sizeof(ushort);
            length -= sizeof(ushort);
        }

        // The machine's words are little-endian, so a zero behind it is a zero above it.
        return length == 0 ? sum : sum + *bytes;
    }

    /// <summary>Copies fewer bytes than a step, and gives their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong CopyRest(byte* from, byte* to, nint length)
    {
        for (nint at = 0; at < length; at++)
        {
            to[at] = from[at];
        }

        return Rest(from, length);
    }
}
