namespace MeshIoT.Crypto;

/// <summary>The Salsa20 block permutation with its sixteen words in locals. Bernstein, "Salsa20 specification", sections 3 to 8.</summary>
internal static class SalsaPermutation
{
    /// <summary>Twenty rounds over 16 words; <paramref name="feedForward"/> adds the input back (a cipher block), without it the result is the H-function's.</summary>
    public static void Permute(uint[] input, uint[] output, bool feedForward)
    {
        uint x0 = input[0], x1 = input[1], x2 = input[2], x3 = input[3], x4 = input[4], x5 = input[5], x6 = input[6], x7 = input[7];
        uint x8 = input[8], x9 = input[9], x10 = input[10], x11 = input[11], x12 = input[12], x13 = input[13], x14 = input[14], x15 = input[15];
        uint t;
        for (int i = 0; i < 10; i++)
        {
            t = x0 + x12; x4 ^= (t << 7) | (t >> 25); t = x4 + x0; x8 ^= (t << 9) | (t >> 23);
            t = x8 + x4; x12 ^= (t << 13) | (t >> 19); t = x12 + x8; x0 ^= (t << 18) | (t >> 14);
            t = x5 + x1; x9 ^= (t << 7) | (t >> 25); t = x9 + x5; x13 ^= (t << 9) | (t >> 23);
            t = x13 + x9; x1 ^= (t << 13) | (t >> 19); t = x1 + x13; x5 ^= (t << 18) | (t >> 14);
            t = x10 + x6; x14 ^= (t << 7) | (t >> 25); t = x14 + x10; x2 ^= (t << 9) | (t >> 23);
            t = x2 + x14; x6 ^= (t << 13) | (t >> 19); t = x6 + x2; x10 ^= (t << 18) | (t >> 14);
            t = x15 + x11; x3 ^= (t << 7) | (t >> 25); t = x3 + x15; x7 ^= (t << 9) | (t >> 23);
            t = x7 + x3; x11 ^= (t << 13) | (t >> 19); t = x11 + x7; x15 ^= (t << 18) | (t >> 14);
            t = x0 + x3; x1 ^= (t << 7) | (t >> 25); t = x1 + x0; x2 ^= (t << 9) | (t >> 23);
            t = x2 + x1; x3 ^= (t << 13) | (t >> 19); t = x3 + x2; x0 ^= (t << 18) | (t >> 14);
            t = x5 + x4; x6 ^= (t << 7) | (t >> 25); t = x6 + x5; x7 ^= (t << 9) | (t >> 23);
            t = x7 + x6; x4 ^= (t << 13) | (t >> 19); t = x4 + x7; x5 ^= (t << 18) | (t >> 14);
            t = x10 + x9; x11 ^= (t << 7) | (t >> 25); t = x11 + x10; x8 ^= (t << 9) | (t >> 23);
            t = x8 + x11; x9 ^= (t << 13) | (t >> 19); t = x9 + x8; x10 ^= (t << 18) | (t >> 14);
            t = x15 + x14; x12 ^= (t << 7) | (t >> 25); t = x12 + x15; x13 ^= (t << 9) | (t >> 23);
            t = x13 + x12; x14 ^= (t << 13) | (t >> 19); t = x14 + x13; x15 ^= (t << 18) | (t >> 14);
        }

        if (feedForward)
        {
            x0 += input[0]; x1 += input[1]; x2 += input[2]; x3 += input[3];
            x4 += input[4]; x5 += input[5]; x6 += input[6]; x7 += input[7];
            x8 += input[8]; x9 += input[9]; x10 += input[10]; x11 += input[11];
            x12 += input[12]; x13 += input[13]; x14 += input[14]; x15 += input[15];
        }

        output[0] = x0; output[1] = x1; output[2] = x2; output[3] = x3;
        output[4] = x4; output[5] = x5; output[6] = x6; output[7] = x7;
        output[8] = x8; output[9] = x9; output[10] = x10; output[11] = x11;
        output[12] = x12; output[13] = x13; output[14] = x14; output[15] = x15;
    }
}
