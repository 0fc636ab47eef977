namespace MeshIoT.Crypto;

/// <summary>The ChaCha20 block permutation with its sixteen words in locals. RFC 8439 section 2.3.</summary>
internal static class ChaChaPermutation
{
    /// <summary>Twenty rounds over 16 words; <paramref name="feedForward"/> adds the input back (a cipher block), without it the result is the H-function's.</summary>
    public static void Permute(uint[] input, uint[] output, bool feedForward)
    {
        uint x0 = input[0], x1 = input[1], x2 = input[2], x3 = input[3], x4 = input[4], x5 = input[5], x6 = input[6], x7 = input[7];
        uint x8 = input[8], x9 = input[9], x10 = input[10], x11 = input[11], x12 = input[12], x13 = input[13], x14 = input[14], x15 = input[15];
        for (int i = 0; i < 10; i++)
        {
            x0 += x4; x12 ^= x0; x12 = (x12 << 16) | (x12 >> 16); x8 += x12; x4 ^= x8; x4 = (x4 << 12) | (x4 >> 20);
            x0 += x4; x12 ^= x0; x12 = (x12 << 8) | (x12 >> 24); x8 += x12; x4 ^= x8; x4 = (x4 << 7) | (x4 >> 25);
            x1 += x5; x13 ^= x1; x13 = (x13 << 16) | (x13 >> 16); x9 += x13; x5 ^= x9; x5 = (x5 << 12) | (x5 >> 20);
            x1 += x5; x13 ^= x1; x13 = (x13 << 8) | (x13 >> 24); x9 += x13; x5 ^= x9; x5 = (x5 << 7) | (x5 >> 25);
            x2 += x6; x14 ^= x2; x14 = (x14 << 16) | (x14 >> 16); x10 += x14; x6 ^= x10; x6 = (x6 << 12) | (x6 >> 20);
            x2 += x6; x14 ^= x2; x14 = (x14 << 8) | (x14 >> 24); x10 += x14; x6 ^= x10; x6 = (x6 << 7) | (x6 >> 25);
            x3 += x7; x15 ^= x3; x15 = (x15 << 16) | (x15 >> 16); x11 += x15; x7 ^= x11; x7 = (x7 << 12) | (x7 >> 20);
            x3 += x7; x15 ^= x3; x15 = (x15 << 8) | (x15 >> 24); x11 += x15; x7 ^= x11; x7 = (x7 << 7) | (x7 >> 25);
            x0 += x5; x15 ^= x0; x15 = (x15 << 16) | (x15 >> 16); x10 += x15; x5 ^= x10; x5 = (x5 << 12) | (x5 >> 20);
            x0 += x5; x15 ^= x0; x15 = (x15 << 8) | (x15 >> 24); x10 += x15; x5 ^= x10; x5 = (x5 << 7) | (x5 >> 25);
            x1 += x6; x12 ^= x1; x12 = (x12 << 16) | (x12 >> 16); x11 += x12; x6 ^= x11; x6 = (x6 << 12) | (x6 >> 20);
            x1 += x6; x12 ^= x1; x12 = (x12 << 8) | (x12 >> 24); x11 += x12; x6 ^= x11; x6 = (x6 << 7) | (x6 >> 25);
            x2 += x7; x13 ^= x2; x13 = (x13 << 16) | (x13 >> 16); x8 += x13; x7 ^= x8; x7 = (x7 << 12) | (x7 >> 20);
            x2 += x7; x13 ^= x2; x13 = (x13 << 8) | (x13 >> 24); x8 += x13; x7 ^= x8; x7 = (x7 << 7) | (x7 >> 25);
            x3 += x4; x14 ^= x3; x14 = (x14 << 16) | (x14 >> 16); x9 += x14; x4 ^= x9; x4 = (x4 << 12) | (x4 >> 20);
            x3 += x4; x14 ^= x3; x14 = (x14 << 8) | (x14 >> 24); x9 += x14; x4 ^= x9; x4 = (x4 << 7) | (x4 >> 25);
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
