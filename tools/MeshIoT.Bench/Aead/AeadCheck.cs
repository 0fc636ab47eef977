using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using MeshIoT.Crypto;

namespace MeshIoT.Bench;

/// <summary>
/// That the code which is really linked in does what libsodium does: every length to 2200 and some beyond, each in place, every byte of
/// the tag wrong once; and that it lives with a garbage collector that stops the world all the time. For native programs, which the
/// unit tests are not.
/// </summary>
static class AeadCheck
{
    const int Every = 2200;

    static readonly int[] Beyond = [4095, 4096, 4097, 9000, 65535];

    public static int Run()
    {
        byte[] key = new byte[32];
        new Random(2).NextBytes(key);
        PointerAeadKey sodium = AeadChoice.CreateKey(AeadWidth.Sodium, key, 0);
        List<int> passed = [];
        foreach (AeadWidth width in new[] { AeadWidth.Bits128, AeadWidth.Bits256, AeadWidth.Bits512 })
        {
            if (width > AeadChoice.Widest)
            {
                continue;
            }

            PointerAeadKey ours = AeadChoice.CreateKey(width, key, 0);
            if (!AgreesEverywhere(width, ours, sodium) || !SurvivesCollections(width, ours))
            {
                return 1;
            }

            passed.Add((int)width);
        }

        if (!SumsAgree())
        {
            return 1;
        }

        Console.Out.WriteLine($"as libsodium: {string.Join(' ', passed)}; used: {AeadChoice.Name}");
        return passed.Count == 0 ? 1 : 0;
    }

    static bool AgreesEverywhere(AeadWidth width, PointerAeadKey ours, PointerAeadKey sodium)
    {
        for (int length = 0; length <= Every; length++)
        {
            if (!Agrees(width, ours, sodium, length))
            {
                return false;
            }
        }

        return Array.TrueForAll(Beyond, length => Agrees(width, ours, sodium, length));
    }

    static bool Agrees(AeadWidth width, PointerAeadKey ours, PointerAeadKey sodium, int length)
    {
        byte[] text = new byte[length], expected = new byte[length + 16], packet = new byte[length + 16];
        new Random(length).NextBytes(text);
        sodium.Seal(length, text, expected);
        text.CopyTo(packet, 0);
        ours.Seal(length, packet, 0, length, packet, 0);
        if (!packet.AsSpan().SequenceEqual(expected))
        {
            return Fail($"{width}: {length} bytes are sealed otherwise than by libsodium");
        }

        int wrong = length + (length % 16);
        packet[wrong] ^= (byte)(1 << (length % 8));
        byte[] before = [.. packet];
        if (ours.Open(length, packet, 0, packet.Length, packet, 0) || !before.AsSpan().SequenceEqual(packet))
        {
            return Fail($"{width}: a forged packet of {length} bytes is opened or changed");
        }

        packet[wrong] ^= (byte)(1 << (length % 8));
        return (ours.Open(length, packet, 0, packet.Length, packet, 0) && packet.AsSpan(0, length).SequenceEqual(text))
            || Fail($"{width}: {length} bytes are not opened");
    }

    // The checksum of packets, which is linked in the same way: word by word, it is the same.
    static unsafe bool SumsAgree()
    {
        byte[] bytes = new byte[Every + 64], copy = new byte[Every + 64];
        new Random(3).NextBytes(bytes);
        fixed (byte* from = bytes, to = copy)
        {
            for (int length = 0; length <= Every; length++)
            {
                ulong plain = 0;
                for (int i = 0; i < length; i++)
                {
                    plain += (ulong)bytes[i + (length % 64)] << (8 * (i % 2));
                }

                byte* start = from + (length % 64);
                ulong sum = WideSums.Sum(start, length), copied = WideSums.Copy(start, to, length);
                if (sum % 0xffff != plain % 0xffff || copied % 0xffff != plain % 0xffff || !copy.AsSpan(0, length).SequenceEqual(bytes.AsSpan(length % 64, length)))
                {
                    return Fail($"the checksum of {length} bytes is wrong, or their copy is");
                }
            }
        }

        return true;
    }

    static bool SurvivesCollections(AeadWidth width, PointerAeadKey key)
    {
        bool over = false;
        Thread collector = new(() =>
        {
            while (!Volatile.Read(ref over))
            {
                GC.KeepAlive(new byte[10_000]);
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            }
        });
        collector.Start();
        byte[] packet = new byte[1500];
        long start = Stopwatch.GetTimestamp();
        bool genuine = true;
        for (long i = 0; genuine && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(500); i++)
        {
            key.Seal(i, packet, 0, 1424, packet, 0);
            genuine = key.Open(i, packet, 0, 1440, packet, 0);
        }

        Volatile.Write(ref over, true);
        collector.Join();
        return (genuine && !packet.AsSpan(0, 1424).ContainsAnyExcept((byte)0)) || Fail($"{width}: a packet is lost while memory is collected");
    }

    static bool Fail(string why)
    {
        Console.Error.WriteLine(why);
        return false;
    }
}
