using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MeshIoT.Crypto.Kernels;

/// <summary>Eight numbers of five limbs, one in each lane. Limbs may grow to 28 bits between reductions; multiplication reads 32.</summary>
internal struct Limbs512
{
    Vector512<ulong> a, b, c, d, e;

    /// <summary>Lanes: four, four, three, three, two, two, one, one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetPairs(in Limbs four, in Limbs three, in Limbs two, in Limbs one)
    {
        a = Vector512.Create(four.A, four.A, three.A, three.A, two.A, two.A, one.A, one.A);
        b = Vector512.Create(four.B, four.B, three.B, three.B, two.B, two.B, one.B, one.B);
        c = Vector512.Create(four.C, four.C, three.C, three.C, two.C, two.C, one.C, one.C);
        d = Vector512.Create(four.D, four.D, three.D, three.D, two.D, two.D, one.D, one.D);
        e = Vector512.Create(four.E, four.E, three.E, three.E, two.E, two.E, one.E, one.E);
    }

    /// <summary>Lanes: the number, 1, the number, 1 and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetAlternating(in Limbs number)
    {
        a = Vector512.Create(number.A, 1, number.A, 1, number.A, 1, number.A, 1);
        b = Vector512.Create(number.B, 0, number.B, 0, number.B, 0, number.B, 0);
        c = Vector512.Create(number.C, 0, number.C, 0, number.C, 0, number.C, 0);
        d = Vector512.Create(number.D, 0, number.D, 0, number.D, 0, number.D, 0);
        e = Vector512.Create(number.E, 0, number.E, 0, number.E, 0, number.E, 0);
    }

    /// <summary>The other's first lane in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Broadcast(in Limbs512 other)
    {
        a = First(other.a);
        b = First(other.b);
        c = First(other.c);
        d = First(other.d);
        e = First(other.e);
    }

    /// <summary>Eight blocks, of which the first lie before the text and count as nothing.</summary>
    /// <param name="x">Blocks 0 to 3.</param>
    /// <param name="y">Blocks 4 to 7.</param>
    /// <param name="missing">Minus the number of blocks that lie before the text: 0 to −7.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetFirst(Vector512<ulong> x, Vector512<ulong> y, int missing)
    {
        Split(x, y);
        Vector512<long> block = Vector512.Create(0L, 4, 1, 5, 2, 6, 3, 7);
        Vector512<ulong> real = Vector512.GreaterThanOrEqual(block, Vector512.Create(-(long)missing)).AsUInt64();
        e += real & Vector512.Create(1UL << 24);
    }

    /// <summary>Adds eight blocks, each with its bit 2^128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<ulong> x, Vector512<ulong> y)
    {
        Limbs512 text = default;
        text.Split(x, y);
        a += text.a;
        b += text.b;
        c += text.c;
        d += text.d;
        e += text.e | Vector512.Create(1UL << 24);
    }

    /// <summary>Lane by lane, this = this · other mod 2^130 − 5; limbs below 2^26 and a little afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(in Multiplier512 other)
    {
        Vector512<ulong> p0 = Product(a, other.A) + Product(b, other.E5) + (Product(c, other.D5) + Product(d, other.C5)) + Product(e, other.B5);
        Vector512<ulong> p1 = Product(a, other.B) + Product(b, other.A) + (Product(c, other.E5) + Product(d, other.D5)) + Product(e, other.C5);
        Vector512<ulong> p2 = Product(a, other.C) + Product(b, other.B) + (Product(c, other.A) + Product(d, other.E5)) + Product(e, other.D5);
        Vector512<ulong> p3 = Product(a, other.D) + Product(b, other.C) + (Product(c, other.B) + Product(d, other.A)) + Product(e, other.E5);
        Vector512<ulong> p4 = Product(a, other.E) + Product(b, other.D) + (Product(c, other.C) + Product(d, other.B)) + Product(e, other.A);

        // Two carries side by side, so that none waits for four others.
        Vector512<ulong> mask = Vector512.Create((ulong)Limbs.Mask);
        p1 += p0 >>> 26;
        p4 += p3 >>> 26;
        p0 &= mask;
        p3 &= mask;
        p2 += p1 >>> 26;
        p0 += Multiplier512.TimesFive(p4 >>> 26);
        p1 &= mask;
        p4 &= mask;
        p3 += p2 >>> 26;
        p1 += p0 >>> 26;
        c = p2 & mask;
        a = p0 & mask;
        b = p1;
        e = p4 + (p3 >>> 26);
        d = p3 & mask;
    }

    /// <summary>Adds another's limbs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in Limbs512 other)
    {
        a += other.a;
        b += other.b;
        c += other.c;
        d += other.d;
        e += other.e;
    }

    /// <summary>Prepared to multiply others with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Multiplier512 AsMultiplier() => new(a, b, c, d, e);

    /// <summary>The sum of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Total(out ulong h0, out ulong h1, out ulong h2)
    {
        Limbs sum = new() { A = Vector512.Sum(a), B = Vector512.Sum(b), C = Vector512.Sum(c), D = Vector512.Sum(d), E = Vector512.Sum(e) };
        sum.Join(out h0, out h1, out h2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Split(Vector512<ulong> x, Vector512<ulong> y)
    {
        Vector512<ulong> low = Avx512F.UnpackLow(x, y), high = Avx512F.UnpackHigh(x, y), mask = Vector512.Create((ulong)Limbs.Mask);
        a = low & mask;
        b = (low >>> 26) & mask;
        c = ((low >>> 52) | (high << 12)) & mask;
        d = (high >>> 14) & mask;
        e = high >>> 40;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> Product(Vector512<ulong> x, Vector512<ulong> y) => Avx512F.Multiply(x.AsUInt32(), y.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<ulong> First(Vector512<ulong> x) => Avx512F.BroadcastScalarToVector512(x.GetLower().GetLower());
}
