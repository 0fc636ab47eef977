using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// The end of Poly1305 (RFC 8439, section 2.5) by AVX2, four blocks at once: for what is left of a text when there is no ChaCha20 any
/// more beside which <see cref="ScalarPoly"/> would be free.
/// </summary>
internal static unsafe class Poly256
{
    /// <summary>With fewer blocks the powers cost more than they save.</summary>
    const int Worthwhile = 16;

    /// <summary>What <see cref="ScalarPoly.Finish"/> does.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Finish(PolyState* poly, ulong* oneTimeKey, byte* text, nint left, nint length, byte* tag)
    {
        // The text's blocks and the block of lengths.
        nint blocks = ((left + 15) >> 4) + 1;
        if (blocks < Worthwhile)
        {
            ScalarPoly.Finish(poly, oneTimeKey, text, left, length, tag);
            return;
        }

        ulong h0 = poly->H0, h1 = poly->H1, h2 = poly->H2, fold = poly->Fold, r0 = poly->R0, r1 = poly->R1, s1 = poly->S1;
        for (nint odd = blocks & 3; odd > 0; odd--, text += 16, left -= 16)
        {
            ScalarPoly.Absorb(ref h0, ref h1, ref h2, ref fold, r0, r1, s1, ((ulong*)text)[0], ((ulong*)text)[1]);
        }

        h0 += fold;
        ulong carry = h0 < fold ? 1UL : 0;
        h1 += carry;
        h2 += h1 < carry ? 1UL : 0;

        ScalarPoly.Multiply(r0, r1, 0, r0, r1, s1, out ulong two0, out ulong two1, out ulong two2);
        ScalarPoly.Multiply(two0, two1, two2, r0, r1, s1, out ulong three0, out ulong three1, out ulong three2);
        ScalarPoly.Multiply(three0, three1, three2, r0, r1, s1, out ulong four0, out ulong four1, out ulong four2);
        Limbs one = Limbs.Of(r0, r1, 0), two = Limbs.Of(two0, two1, two2), three = Limbs.Of(three0, three1, three2), four = Limbs.Of(four0, four1, four2);

        // The first block is multiplied by r^4 once more than what follows it, and so is what was before it.
        Limbs256 sum = Limbs256.Of(Limbs.Of(h0, h1, h2), default, default, default);
        Limbs256 step = Limbs256.Of(four, four, four, four), step5 = step.Fivefold();
        for (; left > 48; left -= 64, text += 64)
        {
            sum.Add(Vector256.Load((ulong*)text), Vector256.Load((ulong*)(text + 32)));
            sum.Multiply(step, step5);
        }

        // 33 to 48 bytes and the lengths.
        ulong low = left >= 40 ? *(ulong*)(text + 32) : ScalarPoly.Partial(text + 32, left - 32);
        ulong high = left > 40 ? ScalarPoly.Partial(text + 40, left - 40) : 0;
        sum.Add(Vector256.Load((ulong*)text), Vector256.Create(low, high, 0, (ulong)length));
        Limbs256 powers = Limbs256.Of(four, two, three, one);
        sum.Multiply(powers, powers.Fivefold());
        sum.Total(out h0, out h1, out h2);
        ScalarPoly.WriteTag(h0, h1, h2, oneTimeKey, tag);
        *poly = default;
    }
}
