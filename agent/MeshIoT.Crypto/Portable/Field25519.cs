using System;

namespace MeshIoT.Crypto;

/// <summary>
/// Arithmetic modulo 2^255 - 19 in ten signed limbs of 26 and 25 bits by turns. A product leaves limbs within a bit of that size, so one
/// addition or subtraction may stand between two products without a carry: the largest sum in a product then stays below 2^60.
/// Nothing here branches or indexes by a value.
/// </summary>
internal static partial class Field25519
{
    const long Low26 = (1L << 26) - 1, Low25 = (1L << 25) - 1;

    /// <summary>Reads 32 little-endian bytes; the top bit is ignored and values from p upwards are taken modulo p. RFC 7748 section 5.</summary>
    public static void Decode(long[] o, byte[] b, int off)
    {
        o[0] = BitConverter.ToUInt32(b, off) & Low26;
        o[1] = (BitConverter.ToUInt32(b, off + 3) >> 2) & Low25;
        o[2] = (BitConverter.ToUInt32(b, off + 6) >> 3) & Low26;
        o[3] = (BitConverter.ToUInt32(b, off + 9) >> 5) & Low25;
        o[4] = (BitConverter.ToUInt32(b, off + 12) >> 6) & Low26;
        o[5] = BitConverter.ToUInt32(b, off + 16) & Low25;
        o[6] = (BitConverter.ToUInt32(b, off + 19) >> 1) & Low26;
        o[7] = (BitConverter.ToUInt32(b, off + 22) >> 3) & Low25;
        o[8] = (BitConverter.ToUInt32(b, off + 25) >> 4) & Low26;
        o[9] = (BitConverter.ToUInt32(b, off + 28) >> 6) & Low25;
    }

    /// <summary>o = a + b, without a carry.</summary>
    public static void Add(long[] o, long[] a, long[] b)
    {
        for (int i = 0; i < 10; i++)
        {
            o[i] = a[i] + b[i];
        }
    }

    /// <summary>o = a - b, without a carry.</summary>
    public static void Subtract(long[] o, long[] a, long[] b)
    {
        for (int i = 0; i < 10; i++)
        {
            o[i] = a[i] - b[i];
        }
    }

    /// <summary>o = a + 121665 b, where 121665 = (486662 - 2) / 4 of the curve; carried like a product.</summary>
    public static void AddTimesA24(long[] o, long[] a, long[] b)
    {
        long carry = 0;
        for (int i = 0; i < 10; i++)
        {
            int width = (i & 1) == 0 ? 26 : 25;
            long x = a[i] + (121665 * b[i]) + carry;
            carry = (x + (1L << (width - 1))) >> width;
            o[i] = x - (carry << width);
        }

        o[0] += 19 * carry;
        carry = (o[0] + (1L << 25)) >> 26;
        o[0] -= carry << 26;
        o[1] += carry;
    }

    /// <summary>Exchanges a and b when <paramref name="bit"/> is 1, leaves them when it is 0, touching the same memory either way.</summary>
    public static void Swap(long[] a, long[] b, int bit)
    {
        long mask = -(long)bit;
        for (int i = 0; i < 10; i++)
        {
            long x = a[i], y = b[i], difference = mask & (x ^ y);
            a[i] = x ^ difference;
            b[i] = y ^ difference;
        }
    }

    /// <summary>o = 1 / a (0 for 0), as a^(p - 2) with 254 squarings and 11 products. o and a are different arrays.</summary>
    public static void Invert(long[] o, long[] a)
    {
        long[] low = new long[10], t = new long[10], u = new long[10];
        Square(t, a);                // a^2
        SquareTimes(u, t, 2);        // a^8
        Multiply(u, u, a);           // a^9
        Multiply(low, u, t);         // a^11
        Square(t, low);              // a^22
        Multiply(o, t, u);           // a^(2^5 - 1)
        SquareTimes(t, o, 5);
        Multiply(o, t, o);           // a^(2^10 - 1)
        SquareTimes(t, o, 10);
        Multiply(u, t, o);           // a^(2^20 - 1)
        SquareTimes(t, u, 20);
        Multiply(u, t, u);           // a^(2^40 - 1)
        SquareTimes(t, u, 10);
        Multiply(o, t, o);           // a^(2^50 - 1)
        SquareTimes(t, o, 50);
        Multiply(u, t, o);           // a^(2^100 - 1)
        SquareTimes(t, u, 100);
        Multiply(u, t, u);           // a^(2^200 - 1)
        SquareTimes(t, u, 50);
        Multiply(u, t, o);           // a^(2^250 - 1)
        SquareTimes(t, u, 5);
        Multiply(o, t, low);         // a^(2^255 - 21)
    }

    static void SquareTimes(long[] o, long[] a, int times)
    {
        Square(o, a);
        for (int i = 1; i < times; i++)
        {
            Square(o, o);
        }
    }

    /// <summary>Writes the one representative below p; the limbs of <paramref name="a"/> are normalised on the way.</summary>
    public static void Encode(byte[] b, int off, long[] a)
    {
        // Two carries with rounding down: after the first the value lies in [-38, 2^255 + 38], after the second in [0, 2^255).
        CarryDown(a, 19);
        CarryDown(a, 19);

        // Add 19 and look at bit 255: it is set exactly when the value is p or more.
        long q = 19;
        for (int i = 0; i < 10; i++)
        {
            q = (a[i] + q) >> ((i & 1) == 0 ? 26 : 25);
        }

        // Then value + 19 without bit 255 is value - p.
        a[0] += 19 * q;
        CarryDown(a, 0);
        ulong bits = 0;
        int held = 0, at = off;
        for (int i = 0; i < 10; i++)
        {
            bits |= (ulong)a[i] << held;
            held += (i & 1) == 0 ? 26 : 25;
            while (held >= 8)
            {
                b[at++] = (byte)bits;
                bits >>= 8;
                held -= 8;
            }
        }

        b[at] = (byte)bits;
    }

    // Carries rounding down; what leaves the top limb weighs 2^255 = 19 and comes back at the bottom, or is dropped with fold 0.
    static void CarryDown(long[] a, long fold)
    {
        for (int i = 0; i < 9; i++)
        {
            int width = (i & 1) == 0 ? 26 : 25;
            long c = a[i] >> width;
            a[i] -= c << width;
            a[i + 1] += c;
        }

        long top = a[9] >> 25;
        a[9] -= top << 25;
        a[0] += fold * top;
    }
}
