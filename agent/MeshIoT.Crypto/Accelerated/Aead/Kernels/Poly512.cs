using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// Poly1305 (RFC 8439, section 2.5) over eight blocks at once, in five limbs of 26 bits, a block in each lane. Zero blocks before the
/// text make the number of blocks a multiple of eight; they leave the sum alone. Each group multiplies all lanes by r^8; at the end
/// the lanes are multiplied by r^8 to r^1 and added.
/// </summary>
internal static unsafe class Poly512
{
    /// <summary>Texts up to this length are faster by <see cref="ScalarPoly"/>, which has no powers to prepare.</summary>
    const int ShortText = 176;

    /// <summary>Writes the tag of a text without associated data.</summary>
    /// <param name="oneTimeKey">32 bytes.</param>
    /// <param name="text">The cipher text.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="tag">16 bytes; not inside the text.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Tag(ulong* oneTimeKey, byte* text, nint length, byte* tag)
    {
        if (length <= ShortText)
        {
            PolyState poly = ScalarPoly.Begin(oneTimeKey);
            ScalarPoly.Finish(&poly, oneTimeKey, text, length, length, tag);
            return;
        }

        Powers(oneTimeKey, out Limbs512 powers);
        Limbs512 all = default;
        all.Broadcast(powers);
        Multiplier512 step = all.AsMultiplier();

        // The text's blocks and the block of lengths.
        nint blocks = ((length + 15) >> 4) + 1;
        nint groups = (blocks + 7) >> 3;
        nint at = (blocks << 4) - (groups << 7);
        Limbs512 sum = default;
        sum.SetFirst(Bytes512.Within(text, at, length), Bytes512.Within(text, at + 64, length), (int)(at >> 4));
        for (nint rest = groups - 2; rest > 0; rest--)
        {
            at += 128;
            sum.Multiply(step);
            sum.Add(Vector512.Load((ulong*)(text + at)), Vector512.Load((ulong*)(text + at + 64)));
        }

        at += 128;
        sum.Multiply(step);
        Vector512<ulong> lengths = Vector512.Create(0UL, 0, 0, 0, 0, 0, 0, (ulong)length);
        sum.Add(Bytes512.Within(text, at, length), Bytes512.Within(text, at + 64, length) | lengths);
        sum.Multiply(powers.AsMultiplier());
        sum.Total(out ulong h0, out ulong h1, out ulong h2);
        ScalarPoly.WriteTag(h0, h1, h2, oneTimeKey, tag);
    }

    /// <summary>r^8, r^4, r^7, r^3, r^6, r^2, r^5, r: in the order in which unpacking spreads eight blocks over the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Powers(ulong* oneTimeKey, out Limbs512 powers)
    {
        ulong r0 = ScalarPoly.MultiplierLow(oneTimeKey), r1 = ScalarPoly.MultiplierHigh(oneTimeKey), s1 = ScalarPoly.Folded(r1);
        ScalarPoly.Multiply(r0, r1, 0, r0, r1, s1, out ulong two0, out ulong two1, out ulong two2);
        ScalarPoly.Multiply(two0, two1, two2, r0, r1, s1, out ulong three0, out ulong three1, out ulong three2);
        ScalarPoly.Multiply(three0, three1, three2, r0, r1, s1, out ulong four0, out ulong four1, out ulong four2);
        powers = default;
        powers.SetPairs(Limbs.Of(four0, four1, four2), Limbs.Of(three0, three1, three2), Limbs.Of(two0, two1, two2), Limbs.Of(r0, r1, 0));
        Limbs512 four = default;
        four.SetAlternating(Limbs.Of(four0, four1, four2));
        powers.Multiply(four.AsMultiplier());
    }
}
