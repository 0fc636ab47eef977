using System;
using System.Linq;
using CsCheck;
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

    [Theory, MemberData(nameof(Widths))]
    public void Extreme_texts_and_keys_carry_as_by_libsodium(AeadWidth width)
    {
        // The largest multiplier and the largest blocks stress every carry of Poly1305; the key stream is xored away beforehand.
        foreach (byte fill in new byte[] { 0x00, 0xff, 0x80, 0x7f })
        {
            byte[] key = new byte[32];
            Array.Fill(key, fill);
            PointerAeadKey ours = AeadChoice.CreateKey(width, key, 0), sodium = AeadChoice.CreateKey(AeadWidth.Sodium, key, 0);
            for (int counter = 0; counter < 40; counter++)
            {
                foreach (int length in new[] { 16, 31, 240, 512, 1424, 2048 })
                {
                    // Sealing zeros yields the key stream; sealing stream ^ wish yields the wished cipher text.
                    byte[] stream = new byte[length + 16], a = new byte[length + 16], b = new byte[length + 16];
                    sodium.Seal(counter, new byte[length], stream);
                    byte[] text = [.. stream.Take(length).Select(x => (byte)(x ^ 0xff))];
                    ours.Seal(counter, text, a);
                    sodium.Seal(counter, text, b);
                    Assert.Equal(b, a);
                    Assert.False(a.AsSpan(0, length).ContainsAnyExcept((byte)0xff));
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
