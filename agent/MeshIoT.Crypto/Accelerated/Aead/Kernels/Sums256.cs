using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeshIoT.Crypto.Kernels;

/// <summary>The Internet checksum's sum (RFC 1071), 32 bytes at a time; see <see cref="WideSums"/>.</summary>
internal static unsafe class Sums256
{
    const int Step = 32;

    /// <summary>The sum of the bytes as words of 16 bits as they lie in memory, not folded.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static ulong Sum256(byte* bytes, nint length)
    {
        // Each half of each lane is added by itself: nothing can overflow, so there is no carry to keep.
        Vector256<ulong> low = default, high = default, mask = Vector256.Create((ulong)uint.MaxValue);
        for (; length >= Step; length -= Step, bytes += Step)
        {
            Vector256<ulong> words = Vector256.Load((ulong*)bytes);
            low += words & mask;
            high += words >>> 32;
        }

        return Vector256.Sum(low + high) + Sums128.Rest(bytes, length);
    }

    /// <summary>Copies the bytes and gives their sum.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static ulong Copy256(byte* from, byte* to, nint length)
    {
        Vector256<ulong> low = default, high = default, mask = Vector256.Create((ulong)uint.MaxValue);
        for (; length >= Step; length -= Step, from += Step, to += Step)
        {
            Vector256<ulong> words = Vector256.Load((ulong*)from);
            words.Store((ulong*)to);
            low += words & mask;
            high += words >>> 32;
        }

        return Vector256.Sum(low + high) + Sums128.CopyRest(from, to, length);
    }
}
