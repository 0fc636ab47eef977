using System;

namespace MeshIoT.Crypto;

/// <summary>
/// X25519, RFC 7748 section 5, in plain C#: the Montgomery ladder with masked swaps, so neither branches nor addresses depend on a secret.
/// Keys, points and results are 32 bytes, little-endian.
/// </summary>
public static class X25519
{
    /// <summary>Bytes of a private key, a public key and a shared secret.</summary>
    public const int Size = 32;

    /// <summary>output = scalar · point. The scalar is clamped here; the caller rejects an all-zero result (points of small order). The output may overlap both.</summary>
    public static void ScalarMult(byte[] output, int outOff, byte[] scalar, int sOff, byte[] point, int pOff)
    {
        Bounds.Check(point, pOff, Size);
        long[] u = new long[10];
        Field25519.Decode(u, point, pOff);
        Ladder(output, outOff, scalar, sOff, u);
    }

    /// <summary>output = scalar · 9: the public key of a private key.</summary>
    public static void ScalarMultBase(byte[] output, int outOff, byte[] scalar, int sOff)
    {
        long[] u = new long[10];
        u[0] = 9;
        Ladder(output, outOff, scalar, sOff, u);
    }

    // Names as in RFC 7748 section 5. (x2 : z2) and (x3 : z3) always differ by the point itself.
    static void Ladder(byte[] output, int outOff, byte[] scalar, int sOff, long[] x1)
    {
        Bounds.Check(scalar, sOff, Size);
        Bounds.Check(output, outOff, Size);
        byte[] k = new byte[Size];
        Array.Copy(scalar, sOff, k, 0, Size);
        k[0] &= 248;
        k[31] = (byte)((k[31] & 127) | 64);

        long[] x2 = new long[10], z2 = new long[10], x3 = new long[10], z3 = new long[10];
        long[] a = new long[10], b = new long[10], c = new long[10], d = new long[10], e = new long[10];
        x2[0] = 1;
        z3[0] = 1;
        Array.Copy(x1, 0, x3, 0, 10);
        int swap = 0;
        for (int t = 254; t >= 0; t--)
        {
            int bit = (k[t >> 3] >> (t & 7)) & 1;
            swap ^= bit;
            Field25519.Swap(x2, x3, swap);
            Field25519.Swap(z2, z3, swap);
            swap = bit;

            Field25519.Add(a, x2, z2);
            Field25519.Subtract(b, x2, z2);
            Field25519.Add(c, x3, z3);
            Field25519.Subtract(d, x3, z3);
            Field25519.Multiply(d, d, a);            // DA
            Field25519.Multiply(c, c, b);            // CB
            Field25519.Square(a, a);                 // AA
            Field25519.Square(b, b);                 // BB
            Field25519.Add(x3, d, c);
            Field25519.Square(x3, x3);
            Field25519.Subtract(z3, d, c);
            Field25519.Square(z3, z3);
            Field25519.Multiply(z3, z3, x1);
            Field25519.Multiply(x2, a, b);
            Field25519.Subtract(e, a, b);            // E
            Field25519.AddTimesA24(a, a, e);         // AA + a24 E
            Field25519.Multiply(z2, e, a);
        }

        Field25519.Swap(x2, x3, swap);
        Field25519.Swap(z2, z3, swap);
        Field25519.Invert(a, z2);
        Field25519.Multiply(x2, x2, a);
        Field25519.Encode(output, outOff, x2);

        Array.Clear(k, 0, Size);
        Wipe(x2);
        Wipe(z2);
        Wipe(x3);
        Wipe(z3);
        Wipe(a);
        Wipe(b);
        Wipe(c);
        Wipe(d);
        Wipe(e);
    }

    static void Wipe(long[] a)
    {
        Array.Clear(a, 0, a.Length);
    }
}
