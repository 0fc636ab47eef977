using System.Runtime.CompilerServices;

namespace MeshIoT.Crypto.Kernels;

/// <summary>A number below 2^130 and a little in five limbs of 26 bits, the lowest first.</summary>
internal struct Limbs
{
    public const int Mask = 0x3ffffff;

    public ulong A, B, C, D, E;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Limbs Of(ulong h0, ulong h1, ulong h2) => new()
    {
        A = h0 & Mask,
        B = (h0 >> 26) & Mask,
        C = ((h0 >> 52) | (h1 << 12)) & Mask,
        D = (h1 >> 14) & Mask,
        E = (h1 >> 40) | (h2 << 24),
    };

    /// <summary>The number in two words and what is above them, for sums whose limbs have grown to at most 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Join(out ulong h0, out ulong h1, out ulong h2)
    {
        ulong b = B + (A >> 26), a = A & Mask;
        ulong c = C + (b >> 26);
        b &= Mask;
        ulong d = D + (c >> 26);
        c &= Mask;
        ulong e = E + (d >> 26);
        d &= Mask;

        // What is above 2^130 comes back five times.
        a += (e >> 26) * 5;
        e &= Mask;
        b += a >> 26;
        a &= Mask;
        h0 = a + (b << 26);
        ulong carry = h0 < a ? 1UL : 0;
        ulong low = c << 52;
        h0 += low;
        carry += h0 < low ? 1UL : 0;
        h1 = (c >> 12) + (d << 14) + carry;
        low = e << 40;
        h1 += low;
        h2 = (e >> 24) + (h1 < low ? 1UL : 0);
    }
}
