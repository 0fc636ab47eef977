using System;
using MeshIoT.Crypto.Kernels;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>The Internet checksum's sum, against the plain one of RFC 1071 section 4.1.</summary>
public unsafe class WideSumsTests
{
    delegate ulong Summing(byte* bytes, nint length);

    delegate ulong Copying(byte* from, byte* to, nint length);

    static ushort Folded(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)sum;
    }

    // Words of the network's order, so the result is turned round.
    static ushort Plain(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8 | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
        }

        ushort folded = Folded(sum);
        return (ushort)(folded << 8 | folded >> 8);
    }

    static void CheckAll(Summing sum, Copying copy)
    {
        byte[] bytes = new byte[4300], to = new byte[4400];
        new Random(1).NextBytes(bytes);
        bytes.AsSpan(700, 300).Fill(255);
        for (int length = 0; length <= 4200; length++)
        {
            int at = length % 71;
            Array.Fill(to, (byte)0xee);
            fixed (byte* from = bytes, output = to)
            {
                ushort expected = Plain(bytes.AsSpan(at, length));
                Assert.Equal(expected, Folded(sum(from + at, length)));
                Assert.Equal(expected, Folded(copy(from + at, output + 64, length)));
            }

            Assert.True(to.AsSpan(64, length).SequenceEqual(bytes.AsSpan(at, length)), $"{length} bytes are not copied");
            Assert.False(to.AsSpan(0, 64).ContainsAnyExcept((byte)0xee) || to.AsSpan(64 + length).ContainsAnyExcept((byte)0xee), $"of {length} bytes, too many are copied");
        }
    }

    [Fact]
    public void What_is_used_gives_the_right_sum_at_every_length() => CheckAll(static (b, n) => WideSums.Sum(b, (int)n), static (f, t, n) => WideSums.Copy(f, t, (int)n));

    [Fact]
    public void So_does_what_every_CPU_can() => CheckAll(Sums128.Sum128, Sums128.Copy128);

    [Fact]
    public void So_do_256_bits()
    {
        Assert.SkipUnless(AeadChoice.Widest >= AeadWidth.Bits256, "this CPU has no AVX2");
        CheckAll(Sums256.Sum256, Sums256.Copy256);
    }

    [Fact]
    public void So_do_512_bits()
    {
        Assert.SkipUnless(AeadChoice.Widest == AeadWidth.Bits512, "this CPU has no AVX-512");
        CheckAll(Sums512.Sum512, Sums512.Copy512);
    }

    [Fact]
    public void Nothing_overflows_in_the_longest()
    {
        byte[] bytes = new byte[1 << 20];
        Array.Fill(bytes, (byte)255);
        fixed (byte* first = bytes)
        {
            Assert.Equal(65535, Folded(WideSums.Sum(first, bytes.Length)));
            Assert.Equal(65535, Folded(Sums128.Sum128(first, bytes.Length)));
        }
    }
}
