using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>
/// Poly1305 (RFC 8439, section 2.5) by 64-bit multiplication: the accumulator is h0 + 2^64·h1 + 2^128·h2 with a small h2, the
/// multiplier r0 + 2^64·r1. For short packets, and beside ChaCha20's vector instructions, where the multiplier is idle. No branch and
/// no address depends on a key or on a text. C# has no addition with carry, so every carry is a comparison and three steps of waiting.
/// </summary>
internal static unsafe class ScalarPoly
{
    const ulong ClampLow = 0x0FFFFFFC0FFFFFFF, ClampHigh = 0x0FFFFFFC0FFFFFFC;

    /// <summary>r0 of a one-time key of 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplierLow(ulong* oneTimeKey) => oneTimeKey[0] & ClampLow;

    /// <summary>r1 of a one-time key. Its two low bits are 0, so that 5·r1/4 is a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplierHigh(ulong* oneTimeKey) => oneTimeKey[1] & ClampHigh;

    /// <summary>5·r1/4: what a product that reaches 2^128 comes back with, as 2^130 ≡ 5.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Folded(ulong r1) => r1 + (r1 >> 2);

    /// <summary>
    /// Absorbs 16 bytes: h = (h + m + 2^128) · r. What came back from above 2^130 in the step before, the fold, is added to the lowest
    /// word only now, and its carry c is not carried: c · 2^64 · r is r0 at 2^64, added where it cannot overflow, and s1 at 1, added to
    /// the next fold. So the upper products need not wait for the fold; the chain from fold to fold is what a block costs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Absorb(ref ulong h0, ref ulong h1, ref ulong h2, ref ulong fold, ulong r0, ulong r1, ulong s1, ulong low, ulong high)
    {
        ulong t0 = h0 + low;
        ulong carry = t0 < low ? 1UL : 0;
        ulong t1 = h1 + high;
        ulong over = t1 < high ? 1UL : 0;
        t1 += carry;
        ulong t2 = h2 + 1 + over + (t1 < carry ? 1UL : 0);
        ulong upper0 = t1 * s1, upper1 = t1 * r0;
        ulong upperHigh0 = High(t1, s1), upperHigh1 = High(t1, r0);

        ulong a0 = t0 + fold;
        ulong carried = 0 - (a0 < fold ? 1UL : 0);
        ulong low0 = a0 * r0, low1 = a0 * r1;
        ulong high0 = High(a0, r0) + upperHigh0, high1 = High(a0, r1) + upperHigh1;
        low0 += upper0;
        high0 += low0 < upper0 ? 1UL : 0;
        low1 += upper1;
        high1 += low1 < upper1 ? 1UL : 0;

        // t2 ≤ 5, s1 < 2^60.4, r0 < 2^60.
        ulong small = (t2 * s1) + (carried & r0);
        low1 += small;
        high1 += low1 < small ? 1UL : 0;
        low1 += high0;
        high1 += low1 < high0 ? 1UL : 0;
        ulong top = (t2 * r0) + high1;
        h0 = low0;
        h1 = low1;
        h2 = top & 3;

        // top < 2^63.2, so that the sum stays below 2^64.
        fold = (top >> 2) + (top & ~3UL) + (carried & s1);
    }

    /// <summary>h = a · r mod 2^130 − 5, not fully reduced: h2 stays below 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(ulong a0, ulong a1, ulong a2, ulong r0, ulong r1, ulong s1, out ulong h0, out ulong h1, out ulong h2)
    {
        ulong low0 = a0 * r0, low = a1 * s1;
        ulong high0 = High(a0, r0) + High(a1, s1);
        low0 += low;
        high0 += low0 < low ? 1UL : 0;

        ulong low1 = a0 * r1;
        low = a1 * r0;
        ulong high1 = High(a0, r1) + High(a1, r0);
        low1 += low;
        high1 += low1 < low ? 1UL : 0;
        low = a2 * s1;
        low1 += low;
        high1 += low1 < low ? 1UL : 0;
        low1 += high0;
        high1 += low1 < high0 ? 1UL : 0;

        ulong top = (a2 * r0) + high1;
        ulong fold = (top >> 2) + (top & ~3UL);
        h0 = low0 + fold;
        ulong carry = h0 < fold ? 1UL : 0;
        h1 = low1 + carry;
        h2 = (top & 3) + (h1 < carry ? 1UL : 0);
    }

    /// <summary>Reduces fully, adds the second half of the one-time key and writes the tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteTag(ulong h0, ulong h1, ulong h2, ulong* oneTimeKey, byte* tag)
    {
        ulong g0 = h0 + 5;
        ulong carry = g0 < 5 ? 1UL : 0;
        ulong g1 = h1 + carry;
        ulong g2 = h2 + (g1 < carry ? 1UL : 0);

        // All ones when h ≥ 2^130 − 5: then h − (2^130 − 5) is the residue.
        ulong mask = 0 - (g2 >> 2);
        h0 = (h0 & ~mask) | (g0 & mask);
        h1 = (h1 & ~mask) | (g1 & mask);

        ulong low = h0 + oneTimeKey[2];
        ((ulong*)tag)[0] = low;
        ((ulong*)tag)[1] = h1 + oneTimeKey[3] + (low < h0 ? 1UL : 0);
    }

    // Both halves by Math.BigMul go through memory on x86-64, in the middle of the chain that everything waits for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong High(ulong a, ulong b) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b)
        : ArmBase.Arm64.IsSupported ? ArmBase.Arm64.MultiplyHigh(a, b)
        : Math.BigMul(a, b, out _);

    /// <summary>A fresh accumulator for a one-time key of 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PolyState Begin(ulong* oneTimeKey)
    {
        ulong r1 = MultiplierHigh(oneTimeKey);
        return new() { R0 = MultiplierLow(oneTimeKey), R1 = r1, S1 = Folded(r1) };
    }

    /// <summary>Absorbs what is left of a text, padded with zeros, and the block of lengths (no associated data); writes the tag and wipes the state.</summary>
    /// <param name="poly">The accumulator so far.</param>
    /// <param name="oneTimeKey">32 bytes: r and what is added at the end.</param>
    /// <param name="text">The rest of the text.</param>
    /// <param name="left">Its bytes.</param>
    /// <param name="length">Bytes of the whole text.</param>
    /// <param name="tag">16 bytes, written.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Finish(PolyState* poly, ulong* oneTimeKey, byte* text, nint left, nint length, byte* tag)
    {
        ulong h0 = poly->H0, h1 = poly->H1, h2 = poly->H2, fold = poly->Fold, r0 = poly->R0, r1 = poly->R1, s1 = poly->S1;
        for (; left >= 16; left -= 16, text += 16)
        {
            Absorb(ref h0, ref h1, ref h2, ref fold, r0, r1, s1, ((ulong*)text)[0], ((ulong*)text)[1]);
        }

        if (left > 0)
        {
            ulong low = left >= 8 ? *(ulong*)text : Partial(text, left);
            ulong high = left > 8 ? Partial(text + 8, left - 8) : 0;
            Absorb(ref h0, ref h1, ref h2, ref fold, r0, r1, s1, low, high);
        }

        Absorb(ref h0, ref h1, ref h2, ref fold, r0, r1, s1, 0, (ulong)length);
        h0 += fold;
        ulong carry = h0 < fold ? 1UL : 0;
        h1 += carry;
        h2 += h1 < carry ? 1UL : 0;
        WriteTag(h0, h1, h2, oneTimeKey, tag);
        *poly = default;
    }

    /// <summary>1 to 8 bytes as a number, without reading any other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Partial(byte* text, nint count)
    {
        ulong value = 0;
        for (nint i = count - 1; i >= 0; i--)
        {
            value = (value << 8) | text[i];
        }

        return value;
    }
}
