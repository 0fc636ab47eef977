using System;
using CsCheck;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>BLAKE2s, RFC 7693: the example of appendix B, the self-test of appendix E, and pieces against the whole.</summary>
public class Rfc7693Tests
{
    static byte[] Digest(int length, byte[]? key, byte[] message)
    {
        Blake2s hash = new(length, key);
        hash.Update(message, 0, message.Length);
        byte[] output = new byte[length];
        hash.Finish(output, 0);
        return output;
    }

    // The deterministic bytes of appendix E: a Fibonacci generator.
    static byte[] Sequence(int length)
    {
        uint a = unchecked(0xDEAD4BAD * (uint)length), b = 1;
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            (a, b) = (b, unchecked(a + b));
            bytes[i] = (byte)(b >> 24);
        }

        return bytes;
    }

    [Fact]
    public void Appendix_B_abc()
    {
        byte[] output = new byte[32];
        Blake2s.Hash("abc"u8.ToArray(), 0, 3, output, 0);
        Assert.Equal("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982", Hex.From(output));
    }

    [Fact]
    public void Appendix_E_every_digest_and_key_length_of_the_self_test()
    {
        Blake2s all = new(32, null);
        foreach (int digest in new[] { 16, 20, 28, 32 })
        {
            foreach (int length in new[] { 0, 3, 64, 65, 255, 1024 })
            {
                byte[] message = Sequence(length);
                all.Update(Digest(digest, null, message), 0, digest);
                all.Update(Digest(digest, Sequence(digest), message), 0, digest);
            }
        }

        byte[] output = new byte[32];
        all.Finish(output, 0);
        Assert.Equal("6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe", Hex.From(output));
    }

    [Fact]
    public void A_message_in_pieces_has_the_digest_of_the_whole()
    {
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 400], Gen.Int[0, 400], Gen.Byte.Array[0, 32]).Sample((message, i, j, key) =>
        {
            (i, j) = (Math.Min(Math.Min(i, j), message.Length), Math.Min(Math.Max(i, j), message.Length));
            Blake2s hash = new(32, key);
            hash.Update(message, 0, i);
            hash.Update(message, i, j - i);
            hash.Update(message, j, message.Length - j);
            byte[] output = new byte[32];
            hash.Finish(output, 0);
            Assert.Equal(Digest(32, key, message), output);
        }, iter: 2000);
    }

    [Fact]
    public void Finish_and_Reset_leave_the_hash_ready_under_the_same_key()
    {
        byte[] key = Hex.Run(1, 16), message = Hex.Run(9, 100), expected = Digest(16, key, message), output = new byte[16];
        Blake2s mac = new(16, key);
        for (int i = 0; i < 3; i++)
        {
            mac.Update(message, 0, 70);
            mac.Reset();
            mac.Update(message, 0, message.Length);
            mac.Finish(output, 0);
            Assert.Equal(expected, output);
        }
    }

    [Fact]
    public void Sizes_outside_the_RFC_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Blake2s(0, null));
        Assert.Throws<ArgumentException>(() => new Blake2s(33, null));
        Assert.Throws<ArgumentException>(() => new Blake2s(32, new byte[33]));
        Assert.Throws<ArgumentException>(() => new Blake2s(32, null).Update(new byte[4], 2, 3));
        Assert.Throws<ArgumentException>(() => new Blake2s(32, null).Update(new byte[4], int.MaxValue, int.MaxValue));
        Assert.Throws<ArgumentException>(() => new Blake2s(32, null).Finish(new byte[31], 0));
    }
}
