using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>Four numbers of five limbs, one in each lane, as <see cref="Limbs512"/> has eight.</summary>
internal struct Limbs256
{
    public Vector256<ulong> A, B, C, D, E;

    /// <summary>The four lanes, from the lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Limbs256 Of(in Limbs first, in Limbs second, in Limbs third, in Limbs fourth) => new()
    {
        A = Vector256.Create(first.A, second.A, third.A, fourth.A),
        B = Vector256.Create(first.B, second.B, third.B, fourth.B),
        C = Vector256.Create(first.C, second.C, third.C, fourth.C),
        D = Vector256.Create(first.D, second.D, third.D, fourth.D),
        E = Vector256.Create(first.E, second.E, third.E, fourth.E),
    };

    /// <summary>Adds four blocks, each with its bit 2^128; they come to lie in lanes 0, 2, 1 and 3.</summary>
    /// <param name="x">Blocks 0 and 1.</param>
    /// <param name="y">Blocks 2 and 3.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector256<ulong> x, Vector256<ulong> y)
    {
        Vector256<ulong> low = Avx2.UnpackLow(x, y), high = Avx2.UnpackHigh(x, y), mask = Vector256.Create((ulong)Limbs.Mask);
        A += low & mask;
        B += (low >>> 26) & mask;
        C += ((low >>> 52) | (high << 12)) & mask;
        D += (high >>> 14) & mask;
        E += (high >>> 40) | Vector256.Create(1UL << 24);
    }

    /// <summary>Lane by lane, this = this · r mod 2^130 − 5; limbs below 2^26 and a little afterwards.</summary>
    /// <param name="r">The multiplier.</param>
    /// <param name="r5">Five times it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(in Limbs256 r, in Limbs256 r5)
    {
        Vector256<ulong> p0 = Product(A, r.A) + Product(B, r5.E) + (Product(C, r5.D) + Product(D, r5.C)) + Product(E, r5.B);
        Vector256<ulong> p1 = Product(A, r.B) + Product(B, r.A) + (Product(C, r5.E) + Product(D, r5.D)) + Product(E, r5.C);
        Vector256<ulong> p2 = Product(A, r.C) + Product(B, r.B) + (Product(C, r.A) + Product(D, r5.E)) + Product(E, r5.D);
        Vector256<ulong> p3 = Product(A, r.D) + Product(B, r.C) + (Product(C, r.B) + Product(D, r.A)) + Product(E, r5.E);
        Vector256<ulong> p4 = Product(A, r.E) + Product(B, r.D) + (Product(C, r.C) + Product(D, r.B)) + Product(E, r.A);

        Vector256<ulong> mask = Vector256.Create((ulong)Limbs.Mask);
        p1 += p0 >>> 26;
        p4 += p3 >>> 26;
        p0 &= mask;
        p3 &= mask;
        p2 += p1 >>> 26;
        p0 += TimesFive(p4 >>> 26);
        p1 &= mask;
        p4 &= mask;
        p3 += p2 >>> 26;
        p1 += p0 >>> 26;
        C = p2 & mask;
        A = p0 & mask;
        B = p1;
        E = p4 + (p3 >>> 26);
        D = p3 & mask;
    }

    /// <summary>Five times every limb but the lowest, which is never asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Limbs256 Fivefold() => new() { B = TimesFive(B), C = TimesFive(C), D = TimesFive(D), E = TimesFive(E) };

    /// <summary>The sum of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Total(out ulong h0, out ulong h1, out ulong h2)
    {
        Limbs sum = new() { A = Vector256.Sum(A), B = Vector256.Sum(B), C = Vector256.Sum(C), D = Vector256.Sum(D), E = Vector256.Sum(E) };
        sum.Join(out h0, out h1, out h2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Product(Vector256<ulong> x, Vector256<ulong> y) => Avx2.Multiply(x.AsUInt32(), y.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> TimesFive(Vector256<ulong> x) => x + (x << 2);
}
