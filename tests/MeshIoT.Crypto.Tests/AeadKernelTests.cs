using System;
using System.Linq;
using System.Text;
using CsCheck;
using MeshIoT.Crypto.Kernels;
using Xunit;

namespace MeshIoT.Crypto.Tests;

/// <summary>Our own ChaCha20-Poly1305 in every width that this CPU has, against libsodium and against each other.</summary>
public class AeadKernelTests
{
    const int Longest = 4096;

    static readonly byte[] KeyBytes = Hex.Run(7, 32);

    /// <summary>What this CPU can run; never empty, or these tests would prove nothing.</summary>
    public static TheoryData<AeadWidth> Widths => [.. new[] { AeadWidth.Bits128, AeadWidth.Bits256, AeadWidth.Bits512 }.Where(width => width <= AeadChoice.Widest)];

    static PointerAeadKey Ours(AeadWidth width) => AeadChoice.CreateKey(width, KeyBytes, 0);

    static PointerAeadKey Sodium() => AeadChoice.CreateKey(AeadWidth.Sodium, KeyBytes, 0);

    static byte[] Text(int length, int seed)
    {
        byte[] text = new byte[length];
        new Random(seed).NextBytes(text);
        return text;
    }

    [Theory, MemberData(nameof(Widths))]
    public void Every_length_to_4096_is_as_by_libsodium_apart_and_in_place(AeadWidth width)
    {
        PointerAeadKey ours = Ours(width), sodium = Sodium();
        byte[] text = Text(Longest, 1), expected = new byte[Longest + 16];
        for (int length = 0; length <= Longest; length++)
        {
            long counter = (length * 0x1_0000_0001L) ^ 0x7fff_0000_0000_0000;
            sodium.Seal(counter, text, 0, length, expected, 0);

            // A guard before and behind, and every alignment to a block.
            int at = 64 + (length % 67);
            byte[] apart = Guarded(at, length + 16), place = Guarded(at, length + 16);
            ours.Seal(counter, text, 0, length, apart, at);
            CheckSealed(apart, at, expected.AsSpan(0, length + 16), length);
            text.AsSpan(0, length).CopyTo(place.AsSpan(at));
            ours.Seal(counter, place, at, length, place, at);
            CheckSealed(place, at, expected.AsSpan(0, length + 16), length);

            byte[] opened = Guarded(at, length);
            Assert.True(ours.Open(counter, apart, at, length + 16, opened, at), $"length {length}");
            CheckSealed(opened, at, text.AsSpan(0, length), length);
            Assert.True(ours.Open(counter, place, at, length + 16, place, at), $"length {length}, in place");
            Assert.True(place.AsSpan(at, length).SequenceEqual(text.AsSpan(0, length)), $"length {length}, in place");
            Assert.True(place.AsSpan(at + length, 16).SequenceEqual(expected.AsSpan(length, 16)), $"length {length}: the tag was written over");
        }
    }

    static byte[] Guarded(int at, int length)
    {
        byte[] bytes = new byte[at + length + 64];
        Array.Fill(bytes, (byte)0xA5);
        return bytes;
    }

    static void CheckSealed(byte[] bytes, int at, ReadOnlySpan<byte> expected, int length)
    {
        Assert.True(bytes.AsSpan(at, expected.Length).SequenceEqual(expected), $"length {length}");
        Assert.False(bytes.AsSpan(0, at).ContainsAnyExcept((byte)0xA5), $"length {length}: written before the output");
        Assert.False(bytes.AsSpan(at + expected.Length).ContainsAnyExcept((byte)0xA5), $"length {length}: written behind the output");
    }

    [Theory, MemberData(nameof(Widths))]
    public void Every_wrong_bit_of_the_tag_is_refused_and_the_output_stays(AeadWidth width)
    {
        PointerAeadKey ours = Ours(width);
        foreach (int length in new[] { 0, 1, 64, 176, 177, 448, 449, 960, 961, 1424, 1984, 1985, 4096 })
        {
            byte[] packet = new byte[length + 16];
            ours.Seal(5, Text(length, length), 0, length, packet, 0);
            for (int bit = 0; bit < 128; bit++)
            {
                byte[] forged = [.. packet], output = Guarded(0, length);
                forged[length + (bit / 8)] ^= (byte)(1 << (bit % 8));
                byte[] before = [.. forged];
                Assert.False(ours.Open(5, forged, 0, forged.Length, output, 0));
                Assert.False(output.AsSpan().ContainsAnyExcept((byte)0xA5));
                Assert.False(ours.Open(5, forged, 0, forged.Length, forged, 0));
                Assert.Equal(before, forged);
            }
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Random_packets_agree_and_any_changed_bit_is_refused(AeadWidth width)
    {
        Gen<int> length = Gen.OneOf(Gen.Int[0, 300], Gen.Int[1200, 1600], Gen.Int[0, 9000]);
        Gen.Select(Gen.Byte.Array[32], Gen.Long, length, Gen.Int[0, 70], Gen.Int).Sample((key, counter, size, offset, seed) =>
        {
            PointerAeadKey ours = AeadChoice.CreateKey(width, key, 0), sodium = AeadChoice.CreateKey(AeadWidth.Sodium, key, 0);
            byte[] text = Text(size, seed), a = new byte[offset + size + 16], b = new byte[size + 16];
            ours.Seal(counter, text, a.AsSpan(offset));
            sodium.Seal(counter, text, b);
            Assert.Equal(b, a[offset..]);

            int bit = (int)((uint)seed % (uint)(b.Length * 8));
            a[offset + (bit / 8)] ^= (byte)(1 << (bit % 8));
            byte[] opened = new byte[size];
            Assert.False(ours.Open(counter, a.AsSpan(offset), opened));
            Assert.False(opened.AsSpan().ContainsAnyExcept((byte)0));
            Assert.False(ours.Open(counter ^ 1, b, opened));
            Assert.True(ours.Open(counter, b, opened));
            Assert.Equal(text, opened);
        }, iter: 2000);
    }

    /// <summary>RFC 8439, section 2.4.2: its nonce has WireGuard's form, and Poly1305's key is block 0 as there the text begins with block 1.</summary>
    [Theory, MemberData(nameof(Widths))]
    public void Rfc8439_2_4_2_sunscreen(AeadWidth width)
    {
        byte[] text = Encoding.ASCII.GetBytes("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
        byte[] packet = new byte[text.Length + 16];
        AeadChoice.CreateKey(width, Hex.Run(0, 32), 0).Seal(0x4a000000, text, packet);
        Assert.Equal(
            "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62b357"
            + "1639d624e65152ab8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab77937365af90bbf74a35be6b40b8eedf2785e42874d",
            Hex.From(packet.AsSpan(0, text.Length)));
    }

    /// <summary>
    /// The largest and smallest multipliers and texts carry through every limb; the tag of a text and its lengths by the portable
    /// Poly1305, which is held to the vectors of RFC 8439.
    /// </summary>
    [Fact]
    public unsafe void Poly1305_of_extreme_keys_and_texts_is_the_portable_one()
    {
        byte[] fills = [0xff, 0x00, 0x01, 0x80, 0xfb, 0xfe];
        foreach (byte keyFill in fills)
        {
            foreach (byte textFill in fills)
            {
                foreach (int length in new[] { 0, 1, 16, 48, 112, 128, 177, 240, 255, 256, 257, 1424, 4096 })
                {
                    byte[] key = new byte[32], text = new byte[length], tag = new byte[16], lengths = new byte[16], expected = new byte[16];
                    Array.Fill(key, keyFill);
                    Array.Fill(text, textFill);
                    BitConverter.TryWriteBytes(lengths.AsSpan(8), (long)length);
                    Poly1305 portable = new();
                    uint[] words = new uint[8];
                    Buffer.BlockCopy(key, 0, words, 0, 32);
                    portable.Start(words);
                    portable.UpdatePadded(text, 0, length);
                    portable.UpdateLast(lengths, 0, 16);
                    portable.Finish(expected, 0);
                    fixed (byte* k = key, m = text, t = tag)
                    {
                        PolyState poly = ScalarPoly.Begin((ulong*)k);
                        ScalarPoly.Finish(&poly, (ulong*)k, m, length, length, t);
                        Assert.Equal(Hex.From(expected), Hex.From(tag));
                        if (AeadChoice.Widest >= AeadWidth.Bits256)
                        {
                            poly = ScalarPoly.Begin((ulong*)k);
                            Poly256.Finish(&poly, (ulong*)k, m, length, length, t);
                            Assert.Equal(Hex.From(expected), Hex.From(tag));
                        }

                        if (AeadChoice.Widest == AeadWidth.Bits512)
                        {
                            Poly512.Tag((ulong*)k, m, length, t);
                            Assert.Equal(Hex.From(expected), Hex.From(tag));
                        }
                    }
                }
            }
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public unsafe void Batches_are_the_packets_one_by_one(AeadWidth width)
    {
        PointerAeadKey ours = Ours(width), sodium = Sodium();
        PacketRange[] plain = new PacketRange[40], boxes = new PacketRange[40];
        long[] counters = new long[40];
        int at = 3;
        for (int i = 0; i < plain.Length; i++)
        {
            int length = i * 37 % 1500;
            plain[i] = new(at, length);
            boxes[i] = new(at, length + 16);
            counters[i] = 1000 + i;
            at += length + 16 + (i % 5);
        }

        byte[] area = Text(at, 9), before = [.. area];
        bool[] genuine = new bool[40];
        fixed (byte* start = area)
        {
            ours.SealBatch(1000, start, plain);
            for (int i = 0; i < plain.Length; i++)
            {
                byte[] expected = new byte[boxes[i].Length];
                sodium.Seal(counters[i], before.AsSpan(plain[i].Offset, plain[i].Length), expected);
                Assert.Equal(expected, area[boxes[i].Offset..(boxes[i].Offset + boxes[i].Length)]);
            }

            area[boxes[7].Offset] ^= 1;
            Assert.Equal(39, ours.OpenBatch(counters, start, boxes, genuine));
        }

        Assert.False(genuine[7]);
        foreach (PacketRange range in plain.Where((_, i) => i != 7))
        {
            Assert.Equal(before[range.Offset..(range.Offset + range.Length)], area[range.Offset..(range.Offset + range.Length)]);
        }
    }
}
