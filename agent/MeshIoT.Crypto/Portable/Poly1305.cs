using System;

namespace MeshIoT.Crypto;

/// <summary>
/// Poly1305, RFC 8439 section 2.5, with the accumulator in five limbs of 26 bits: 25 products of 32 by 32 bits a block, which is what
/// an interpreter and a 32-bit core do best. One key, one message: Start, then whole blocks, at most one short one, Finish.
/// </summary>
internal sealed class Poly1305
{
    const uint WholeBlock = 1u << 24;

    readonly byte[] tail = new byte[16];
    uint r0, r1, r2, r3, r4;
    uint h0, h1, h2, h3, h4;
    uint s0, s1, s2, s3;

    /// <summary>Takes the one-time key: eight words, r then s.</summary>
    public void Start(uint[] key)
    {
        uint a = key[0], b = key[1], c = key[2], d = key[3];
        r0 = a & 0x3FFFFFF;
        r1 = ((a >> 26) | (b << 6)) & 0x3FFFF03;
        r2 = ((b >> 20) | (c << 12)) & 0x3FFC0FF;
        r3 = ((c >> 14) | (d << 18)) & 0x3F03FFF;
        r4 = (d >> 8) & 0x00FFFFF;
        s0 = key[4];
        s1 = key[5];
        s2 = key[6];
        s3 = key[7];
        h0 = 0;
        h1 = 0;
        h2 = 0;
        h3 = 0;
        h4 = 0;
    }

    /// <summary>Adds a part and zeros up to the next multiple of 16, as the AEAD construction does. RFC 8439 section 2.8.</summary>
    public void UpdatePadded(byte[] d, int off, int len)
    {
        int whole = len >> 4;
        Blocks(d, off, whole, WholeBlock);
        int rest = len & 15;
        if (rest != 0)
        {
            Array.Clear(tail, 0, 16);
            Array.Copy(d, off + (whole << 4), tail, 0, rest);
            Blocks(tail, 0, 1, WholeBlock);
        }
    }

    /// <summary>Adds the end of a message, whose last block may be short. RFC 8439 section 2.5.</summary>
    public void UpdateLast(byte[] d, int off, int len)
    {
        int whole = len >> 4;
        Blocks(d, off, whole, WholeBlock);
        int rest = len & 15;
        if (rest != 0)
        {
            Array.Clear(tail, 0, 16);
            Array.Copy(d, off + (whole << 4), tail, 0, rest);
            tail[rest] = 1;
            Blocks(tail, 0, 1, 0);
        }
    }

    /// <summary>Adds the closing block of the AEAD construction: both lengths in bytes.</summary>
    public void UpdateLengths(int adLen, int len)
    {
        Array.Clear(tail, 0, 16);
        tail[0] = (byte)adLen;
        tail[1] = (byte)(adLen >> 8);
        tail[2] = (byte)(adLen >> 16);
        tail[3] = (byte)(adLen >> 24);
        tail[8] = (byte)len;
        tail[9] = (byte)(len >> 8);
        tail[10] = (byte)(len >> 16);
        tail[11] = (byte)(len >> 24);
        Blocks(tail, 0, 1, WholeBlock);
    }

    void Blocks(byte[] d, int off, int count, uint topBit)
    {
        uint a0 = h0, a1 = h1, a2 = h2, a3 = h3, a4 = h4;
        ulong q0 = r0, q1 = r1, q2 = r2, q3 = r3, q4 = r4;
        ulong f1 = q1 * 5, f2 = q2 * 5, f3 = q3 * 5, f4 = q4 * 5;
        for (; count > 0; count--)
        {
            uint w0 = BitConverter.ToUInt32(d, off), w1 = BitConverter.ToUInt32(d, off + 4);
            uint w2 = BitConverter.ToUInt32(d, off + 8), w3 = BitConverter.ToUInt32(d, off + 12);
            off += 16;
            a0 += w0 & 0x3FFFFFF;
            a1 += ((w0 >> 26) | (w1 << 6)) & 0x3FFFFFF;
            a2 += ((w1 >> 20) | (w2 << 12)) & 0x3FFFFFF;
            a3 += ((w2 >> 14) | (w3 << 18)) & 0x3FFFFFF;
            a4 += (w3 >> 8) | topBit;

            // 2^130 = 5 (mod p): limbs that would land above the fifth come back multiplied by 5.
            ulong p0 = (a0 * q0) + (a1 * f4) + (a2 * f3) + (a3 * f2) + (a4 * f1);
            ulong p1 = (a0 * q1) + (a1 * q0) + (a2 * f4) + (a3 * f3) + (a4 * f2);
            ulong p2 = (a0 * q2) + (a1 * q1) + (a2 * q0) + (a3 * f4) + (a4 * f3);
            ulong p3 = (a0 * q3) + (a1 * q2) + (a2 * q1) + (a3 * q0) + (a4 * f4);
            ulong p4 = (a0 * q4) + (a1 * q3) + (a2 * q2) + (a3 * q1) + (a4 * q0);

            p1 += p0 >> 26;
            a0 = (uint)p0 & 0x3FFFFFF;
            p2 += p1 >> 26;
            a1 = (uint)p1 & 0x3FFFFFF;
            p3 += p2 >> 26;
            a2 = (uint)p2 & 0x3FFFFFF;
            p4 += p3 >> 26;
            a3 = (uint)p3 & 0x3FFFFFF;
            a0 += (uint)(p4 >> 26) * 5;
            a4 = (uint)p4 & 0x3FFFFFF;
            a1 += a0 >> 26;
            a0 &= 0x3FFFFFF;
        }

        h0 = a0;
        h1 = a1;
        h2 = a2;
        h3 = a3;
        h4 = a4;
    }

    /// <summary>Writes the 16-byte tag and forgets the key.</summary>
    public void Finish(byte[] output, int off)
    {
        // Carry once more, then take h - p when that is not negative, by mask.
        uint a0 = h0, a1 = h1, a2 = h2, a3 = h3, a4 = h4;
        a2 += a1 >> 26;
        a1 &= 0x3FFFFFF;
        a3 += a2 >> 26;
        a2 &= 0x3FFFFFF;
        a4 += a3 >> 26;
        a3 &= 0x3FFFFFF;
        a0 += (a4 >> 26) * 5;
        a4 &= 0x3FFFFFF;
        a1 += a0 >> 26;
        a0 &= 0x3FFFFFF;

        uint b0 = a0 + 5;
        uint b1 = a1 + (b0 >> 26);
        uint b2 = a2 + (b1 >> 26);
        uint b3 = a3 + (b2 >> 26);
        uint b4 = a4 + (b3 >> 26) - (1u << 26);
        uint keep = (uint)((int)b4 >> 31);
        uint take = ~keep & 0x3FFFFFF;
        a0 = (a0 & keep) | (b0 & take);
        a1 = (a1 & keep) | (b1 & take);
        a2 = (a2 & keep) | (b2 & take);
        a3 = (a3 & keep) | (b3 & take);
        a4 = (a4 & keep) | (b4 & take);

        ulong t = (ulong)(a0 | (a1 << 26)) + s0;
        uint w0 = (uint)t;
        t = (t >> 32) + ((a1 >> 6) | (a2 << 20)) + s1;
        uint w1 = (uint)t;
        t = (t >> 32) + ((a2 >> 12) | (a3 << 14)) + s2;
        uint w2 = (uint)t;
        t = (t >> 32) + ((a3 >> 18) | (a4 << 8)) + s3;
        uint w3 = (uint)t;
        for (int i = 0; i < 4; i++)
        {
            output[off + i] = (byte)(w0 >> (8 * i));
            output[off + 4 + i] = (byte)(w1 >> (8 * i));
            output[off + 8 + i] = (byte)(w2 >> (8 * i));
            output[off + 12 + i] = (byte)(w3 >> (8 * i));
        }

        r0 = 0;
        r1 = 0;
        r2 = 0;
        r3 = 0;
        r4 = 0;
        s0 = 0;
        s1 = 0;
        s2 = 0;
        s3 = 0;
    }
}
