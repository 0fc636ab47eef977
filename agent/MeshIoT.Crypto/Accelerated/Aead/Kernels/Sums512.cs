using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>The Internet checksum's sum (RFC 1071), 64 bytes at a time; see <see cref="WideSums"/>. What lies outside the bytes is neither read nor written.</summary>
internal static unsafe class Sums512
{
    const int Step = 64;

    /// <summary>The sum of the bytes as words of 16 bits as they lie in memory, not folded.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static ulong Sum512(byte* bytes, nint length)
    {
        // Each half of each lane is added by itself: nothing can overflow, so there is no carry to keep.
        Vector512<ulong> low = default, high = default, mask = Vector512.Create((ulong)uint.MaxValue);
        for (; length >= Step; length -= Step, bytes += Step)
        {
            Vector512<ulong> words = Vector512.Load((ulong*)bytes);
            low += words & mask;
            high += words >>> 32;
        }

        Vector512<ulong> rest = Bytes512.Within(bytes, 0, length);
        return Vector512.Sum(low + high + (rest & mask) + (rest >>> 32));
    }

    /// <summary>Copies the bytes and gives their sum.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static ulong Copy512(byte* from, byte* to, nint length)
    {
        Vector512<ulong> low = default, high = default, mask = Vector512.Create((ulong)uint.MaxValue);
        for (; length >= Step; length -= Step, from += Step, to += Step)
        {
            Vector512<ulong> words = Vector512.Load((ulong*)from);
            words.Store((ulong*)to);
            low += words & mask;
            high += words >>> 32;
        }

        Vector512<ulong> rest = Bytes512.Within(from, 0, length);
        Avx512BW.MaskStore(to, Bytes512.Inside(0, length), rest.AsByte());
        return Vector512.Sum(low + high + (rest & mask) + (rest >>> 32));
    }
}
