using System;

namespace MeshIoT.Sensors.Display;

/// <summary>The check bytes of QR symbols: Reed-Solomon over GF(256) with x⁸+x⁴+x³+x²+1, roots 2⁰, 2¹ … (ISO/IEC 18004 §7.5.2).</summary>
internal static class ReedSolomon
{
    const int Polynomial = 0x11D;

    /// <summary>The remainder of the block by the generator of that many roots.</summary>
    public static byte[] Check(ReadOnlySpan<byte> block, int count)
    {
        byte[] generator = Generator(count), remainder = new byte[count];
        foreach (byte b in block)
        {
            byte factor = (byte)(b ^ remainder[0]);
            Array.Copy(remainder, 1, remainder, 0, count - 1);
            remainder[^1] = 0;
            for (int i = 0; i < count; i++)
            {
                remainder[i] ^= Multiply(generator[i], factor);
            }
        }

        return remainder;
    }

    /// <summary>A product of two field elements.</summary>
    public static byte Multiply(int a, int b)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= (b & 1) != 0 ? a : 0;
            a <<= 1;
            a ^= (a & 0x100) != 0 ? Polynomial : 0;
        }

        return (byte)product;
    }

    // (x − 2⁰)(x − 2¹)…, highest power first and its 1 left out.
    static byte[] Generator(int count)
    {
        byte[] g = new byte[count];
        g[^1] = 1;
        byte root = 1;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                g[j] = (byte)(Multiply(g[j], root) ^ (j + 1 < count ? g[j + 1] : 0));
            }

            root = Multiply(root, 2);
        }

        return g;
    }
}
