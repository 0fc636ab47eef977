using System;
using System.Text;

namespace MeshIoT.Sensors.Display;

/// <summary>
/// A QR symbol small enough for a small display: byte mode, versions 1 to 6 (21 to 41 modules), error correction L or M (ISO/IEC 18004:2015). Larger
/// symbols and the other modes are the business of the tools that print.
/// </summary>
public sealed class QrCode
{
    /// <summary>Largest version, and how many bytes it holds at level L.</summary>
    public const int LargestVersion = 6, MostBytes = 134;

    /// <summary>By version and level (table 9): check bytes of a block, and blocks. All blocks of one symbol are equally long up to version 6.</summary>
    static readonly (int Check, int Blocks)[,] Levels =
    {
        { (7, 1), (10, 1) }, { (10, 1), (16, 1) }, { (15, 1), (26, 1) }, { (20, 1), (18, 2) }, { (26, 1), (24, 2) }, { (18, 2), (16, 4) },
    };

    /// <summary>Bytes of a symbol by version (table 1).</summary>
    static ReadOnlySpan<byte> TotalBytes => [26, 44, 70, 100, 134, 172];

    readonly bool[,] dark;

    QrCode(bool[,] dark, int version, bool isMedium) => (this.dark, Version, IsMedium) = (dark, version, isMedium);

    /// <summary>1 to 6.</summary>
    public int Version { get; }

    /// <summary>Error correction M (15 %); otherwise L (7 %).</summary>
    public bool IsMedium { get; }

    /// <summary>Modules across, without the quiet zone.</summary>
    public int Size => dark.GetLength(0);

    /// <summary>Whether a module is dark; outside all are light.</summary>
    public bool this[int x, int y] => x >= 0 && y >= 0 && x < Size && y < Size && dark[y, x];

    /// <summary>
    /// The smallest symbol that holds <paramref name="text"/> as UTF-8, at level M where that costs no larger one; null when it is longer than
    /// version <paramref name="largestVersion"/> holds.
    /// </summary>
    public static QrCode? TryEncode(string text, int largestVersion = LargestVersion)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int version = 1; version <= Math.Min(largestVersion, LargestVersion); version++)
        {
            for (int level = 1; level >= 0; level--)
            {
                // Four bits of mode, eight of length, four of end: two bytes beside the text.
                if (DataBytes(version, level) >= bytes.Length + 2)
                {
                    return new QrCode(QrMatrix.Draw(version, level == 1, Interleave(Fill(bytes, DataBytes(version, level)), version, level)), version, level == 1);
                }
            }
        }

        return null;
    }

    static int DataBytes(int version, int level) =>
        TotalBytes[version - 1] - (Levels[version - 1, level].Check * Levels[version - 1, level].Blocks);

    // §7.4: mode 0100, length, the bytes, an end of four zero bits, and then 0xEC and 0x11 in turn.
    static byte[] Fill(byte[] text, int length)
    {
        byte[] data = new byte[length];
        data[0] = (byte)(0x40 | (text.Length >> 4));
        data[1] = (byte)(text.Length << 4);
        for (int i = 0; i < text.Length; i++)
        {
            data[i + 1] |= (byte)(text[i] >> 4);
            data[i + 2] = (byte)(text[i] << 4);
        }

        for (int i = text.Length + 2; i < length; i++)
        {
            data[i] = (byte)(((i - text.Length) & 1) == 0 ? 0xEC : 0x11);
        }

        return data;
    }

    // §7.6: the first byte of each block, then the second of each; the check bytes after them likewise.
    static byte[] Interleave(byte[] data, int version, int level)
    {
        (int check, int blocks) = Levels[version - 1, level];
        int each = data.Length / blocks;
        byte[] all = new byte[TotalBytes[version - 1]];
        for (int b = 0; b < blocks; b++)
        {
            ReadOnlySpan<byte> block = data.AsSpan(b * each, each);
            byte[] checks = ReedSolomon.Check(block, check);
            for (int i = 0; i < each; i++)
            {
                all[(i * blocks) + b] = block[i];
            }

            for (int i = 0; i < check; i++)
            {
                all[data.Length + (i * blocks) + b] = checks[i];
            }
        }

        return all;
    }
}
