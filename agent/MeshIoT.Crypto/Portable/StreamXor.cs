using System;

namespace MeshIoT.Crypto;

/// <summary>What both stream ciphers share: sixteen little-endian words of key stream laid over bytes.</summary>
internal static class StreamXor
{
    /// <summary>Output = input XOR words for one whole block of 64 bytes.</summary>
    public static void Block(uint[] words, byte[] input, int off, byte[] output, int outOff)
    {
        for (int i = 0; i < 16; i++)
        {
            uint x = words[i] ^ BitConverter.ToUInt32(input, off);
            output[outOff] = (byte)x;
            output[outOff + 1] = (byte)(x >> 8);
            output[outOff + 2] = (byte)(x >> 16);
            output[outOff + 3] = (byte)(x >> 24);
            off += 4;
            outOff += 4;
        }
    }

    /// <summary>The same for a range of the block: <paramref name="len"/> bytes from key stream byte <paramref name="from"/>.</summary>
    public static void Part(uint[] words, int from, byte[] input, int off, byte[] output, int outOff, int len)
    {
        for (int i = 0; i < len; i++)
        {
            int at = from + i;
            output[outOff + i] = (byte)(input[off + i] ^ (words[at >> 2] >> (8 * (at & 3))));
        }
    }

    /// <summary>The first bytes of the key stream themselves.</summary>
    public static void Write(uint[] words, int count, byte[] output, int outOff)
    {
        for (int i = 0; i < count; i++)
        {
            uint x = words[i];
            output[outOff] = (byte)x;
            output[outOff + 1] = (byte)(x >> 8);
            output[outOff + 2] = (byte)(x >> 16);
            output[outOff + 3] = (byte)(x >> 24);
            outOff += 4;
        }
    }
}
