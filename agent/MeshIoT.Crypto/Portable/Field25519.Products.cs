namespace MeshIoT.Crypto;

// Products in GF(2^255 - 19), written out: limb i weighs 2^ceil(25.5 i), so a product of two odd limbs counts twice,
// and what lands at limb 10 and above comes back multiplied by 19.
internal static partial class Field25519
{
    /// <summary>o = a b; any of the three may be the same array.</summary>
    public static void Multiply(long[] o, long[] a, long[] b)
    {
        long a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7], a8 = a[8], a9 = a[9];
        long b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3], b4 = b[4], b5 = b[5], b6 = b[6], b7 = b[7], b8 = b[8], b9 = b[9];
        long n1 = 19 * b1, n2 = 19 * b2, n3 = 19 * b3, n4 = 19 * b4, n5 = 19 * b5, n6 = 19 * b6, n7 = 19 * b7, n8 = 19 * b8, n9 = 19 * b9;
        long d1 = 2 * a1, d3 = 2 * a3, d5 = 2 * a5, d7 = 2 * a7, d9 = 2 * a9;

        long h0 = (a0 * b0) + (d1 * n9) + (a2 * n8) + (d3 * n7) + (a4 * n6) + (d5 * n5) + (a6 * n4) + (d7 * n3) + (a8 * n2) + (d9 * n1);
        long h1 = (a0 * b1) + (a1 * b0) + (a2 * n9) + (a3 * n8) + (a4 * n7) + (a5 * n6) + (a6 * n5) + (a7 * n4) + (a8 * n3) + (a9 * n2);
        long h2 = (a0 * b2) + (d1 * b1) + (a2 * b0) + (d3 * n9) + (a4 * n8) + (d5 * n7) + (a6 * n6) + (d7 * n5) + (a8 * n4) + (d9 * n3);
        long h3 = (a0 * b3) + (a1 * b2) + (a2 * b1) + (a3 * b0) + (a4 * n9) + (a5 * n8) + (a6 * n7) + (a7 * n6) + (a8 * n5) + (a9 * n4);
        long h4 = (a0 * b4) + (d1 * b3) + (a2 * b2) + (d3 * b1) + (a4 * b0) + (d5 * n9) + (a6 * n8) + (d7 * n7) + (a8 * n6) + (d9 * n5);
        long h5 = (a0 * b5) + (a1 * b4) + (a2 * b3) + (a3 * b2) + (a4 * b1) + (a5 * b0) + (a6 * n9) + (a7 * n8) + (a8 * n7) + (a9 * n6);
        long h6 = (a0 * b6) + (d1 * b5) + (a2 * b4) + (d3 * b3) + (a4 * b2) + (d5 * b1) + (a6 * b0) + (d7 * n9) + (a8 * n8) + (d9 * n7);
        long h7 = (a0 * b7) + (a1 * b6) + (a2 * b5) + (a3 * b4) + (a4 * b3) + (a5 * b2) + (a6 * b1) + (a7 * b0) + (a8 * n9) + (a9 * n8);
        long h8 = (a0 * b8) + (d1 * b7) + (a2 * b6) + (d3 * b5) + (a4 * b4) + (d5 * b3) + (a6 * b2) + (d7 * b1) + (a8 * b0) + (d9 * n9);
        long h9 = (a0 * b9) + (a1 * b8) + (a2 * b7) + (a3 * b6) + (a4 * b5) + (a5 * b4) + (a6 * b3) + (a7 * b2) + (a8 * b1) + (a9 * b0);

        // Two carry chains side by side; both finish within half a bit of 26 or 25 bits, signed.
        long c;
        c = (h0 + (1L << 25)) >> 26; h1 += c; h0 -= c << 26;
        c = (h5 + (1L << 24)) >> 25; h6 += c; h5 -= c << 25;
        c = (h1 + (1L << 24)) >> 25; h2 += c; h1 -= c << 25;
        c = (h6 + (1L << 25)) >> 26; h7 += c; h6 -= c << 26;
        c = (h2 + (1L << 25)) >> 26; h3 += c; h2 -= c << 26;
        c = (h7 + (1L << 24)) >> 25; h8 += c; h7 -= c << 25;
        c = (h3 + (1L << 24)) >> 25; h4 += c; h3 -= c << 25;
        c = (h8 + (1L << 25)) >> 26; h9 += c; h8 -= c << 26;
        c = (h4 + (1L << 25)) >> 26; h5 += c; h4 -= c << 26;
        c = (h9 + (1L << 24)) >> 25; h0 += 19 * c; h9 -= c << 25;
        c = (h0 + (1L << 25)) >> 26; h1 += c; h0 -= c << 26;
        c = (h5 + (1L << 24)) >> 25; h6 += c; h5 -= c << 25;

        o[0] = h0; o[1] = h1; o[2] = h2; o[3] = h3; o[4] = h4;
        o[5] = h5; o[6] = h6; o[7] = h7; o[8] = h8; o[9] = h9;
    }

    /// <summary>o = a squared; both may be the same array.</summary>
    public static void Square(long[] o, long[] a)
    {
        long a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7], a8 = a[8], a9 = a[9];
        long d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, d3 = 2 * a3, d4 = 2 * a4, d5 = 2 * a5, d6 = 2 * a6, d7 = 2 * a7, d8 = 2 * a8, d9 = 2 * a9;
        long n5 = 19 * a5, n6 = 19 * a6, n7 = 19 * a7, n8 = 19 * a8, n9 = 19 * a9;

        long h0 = (a0 * a0) + (2 * d1 * n9) + (d2 * n8) + (2 * d3 * n7) + (d4 * n6) + (d5 * n5);
        long h1 = (d0 * a1) + (d2 * n9) + (d3 * n8) + (d4 * n7) + (d5 * n6);
        long h2 = (d0 * a2) + (d1 * a1) + (2 * d3 * n9) + (d4 * n8) + (2 * d5 * n7) + (a6 * n6);
        long h3 = (d0 * a3) + (d1 * a2) + (d4 * n9) + (d5 * n8) + (d6 * n7);
        long h4 = (d0 * a4) + (2 * d1 * a3) + (a2 * a2) + (2 * d5 * n9) + (d6 * n8) + (d7 * n7);
        long h5 = (d0 * a5) + (d1 * a4) + (d2 * a3) + (d6 * n9) + (d7 * n8);
        long h6 = (d0 * a6) + (2 * d1 * a5) + (d2 * a4) + (d3 * a3) + (2 * d7 * n9) + (a8 * n8);
        long h7 = (d0 * a7) + (d1 * a6) + (d2 * a5) + (d3 * a4) + (d8 * n9);
        long h8 = (d0 * a8) + (2 * d1 * a7) + (d2 * a6) + (2 * d3 * a5) + (a4 * a4) + (d9 * n9);
        long h9 = (d0 * a9) + (d1 * a8) + (d2 * a7) + (d3 * a6) + (d4 * a5);

        // Two carry chains side by side; both finish within half a bit of 26 or 25 bits, signed.
        long c;
        c = (h0 + (1L << 25)) >> 26; h1 += c; h0 -= c << 26;
        c = (h5 + (1L << 24)) >> 25; h6 += c; h5 -= c << 25;
        c = (h1 + (1L << 24)) >> 25; h2 += c; h1 -= c << 25;
        c = (h6 + (1L << 25)) >> 26; h7 += c; h6 -= c << 26;
        c = (h2 + (1L << 25)) >> 26; h3 += c; h2 -= c << 26;
        c = (h7 + (1L << 24)) >> 25; h8 += c; h7 -= c << 25;
        c = (h3 + (1L << 24)) >> 25; h4 += c; h3 -= c << 25;
        c = (h8 + (1L << 25)) >> 26; h9 += c; h8 -= c << 26;
        c = (h4 + (1L << 25)) >> 26; h5 += c; h4 -= c << 26;
        c = (h9 + (1L << 24)) >> 25; h0 += 19 * c; h9 -= c << 25;
        c = (h0 + (1L << 25)) >> 26; h1 += c; h0 -= c << 26;
        c = (h5 + (1L << 24)) >> 25; h6 += c; h5 -= c << 25;

        o[0] = h0; o[1] = h1; o[2] = h2; o[3] = h3; o[4] = h4;
        o[5] = h5; o[6] = h6; o[7] = h7; o[8] = h8; o[9] = h9;
    }
}
