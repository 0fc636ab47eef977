using System;
using System.Collections.Generic;

namespace MeshIoT.Fuzz.Engine;

/// <summary>Makes new inputs of old ones: a few small changes each, of the kinds that break parsers.</summary>
sealed class Mutator(Random random)
{
    static readonly byte[] Edges = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x2f, 0x3a, 0x3c, 0x5b, 0x5d, 0x7b, 0x7d];

    static readonly long[] Numbers = [0, 1, -1, 4, 16, 127, 128, 255, 256, 1279, 1280, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue];

    /// <summary>A changed copy of one, perhaps with parts of another.</summary>
    public byte[] Change(byte[] one, IReadOnlyList<byte[]> others, int most)
    {
        List<byte> bytes = [.. one];
        for (int changes = 1 << random.Next(5); changes > 0; changes--)
        {
            Step(bytes, others[random.Next(others.Count)]);
        }

        return bytes.Count <= most ? [.. bytes] : [.. bytes.GetRange(0, most)];
    }

    void Step(List<byte> bytes, byte[] other)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(other.Length > 0 ? other : [(byte)random.Next(256)]);
            return;
        }

        int at = random.Next(bytes.Count), length = 1 + random.Next(Math.Min(bytes.Count - at, 1 << random.Next(8)));
        switch (random.Next(10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] = Edges[random.Next(Edges.Length)];
                break;
            case 3:
                bytes[at] = (byte)(bytes[at] + random.Next(-35, 36));
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7:
                Write(bytes, at, Numbers[random.Next(Numbers.Length)], 1 << random.Next(4), random.Next(2) == 0);
                break;
            case 8 when other.Length > 0:
                int from = random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + (1 << random.Next(9)))]);
                break;
            default:
                for (int i = 0; i < length; i++)
                {
                    bytes[at + i] = (byte)random.Next(256);
                }

                break;
        }
    }

    static void Write(List<byte> bytes, int at, long number, int size, bool bigEndian)
    {
        for (int i = 0; i < size && at + i < bytes.Count; i++)
        {
            bytes[at + i] = (byte)(number >> (8 * (bigEndian ? size - 1 - i : i)));
        }
    }
}
