using System;

namespace MeshIoT.Sensors.Display;

/// <summary>Places the bits of a QR symbol: patterns, data, the mask that disturbs a reader least, format (ISO/IEC 18004 §6.3, §7.7 to §7.9).</summary>
internal sealed class QrMatrix
{
    /// <summary>Format: generator of its check bits and what is laid over it, §7.9.1.</summary>
    const int FormatGenerator = 0x537, FormatMask = 0x5412;

    readonly int size;
    readonly bool[,] dark, isPattern;

    QrMatrix(int version)
    {
        size = 17 + (4 * version);
        (dark, isPattern) = (new bool[size, size], new bool[size, size]);
        Finder(0, 0);
        Finder(size - 7, 0);
        Finder(0, size - 7);
        for (int i = 8; i < size - 8; i++)
        {
            Set(i, 6, i % 2 == 0);
            Set(6, i, i % 2 == 0);
        }

        if (version > 1)
        {
            Rings(size - 7, size - 7, 2);
        }

        Format(0);
    }

    /// <summary>The finished symbol, by row and column.</summary>
    public static bool[,] Draw(int version, bool isMedium, ReadOnlySpan<byte> bytes)
    {
        bool[,]? best = null;
        int least = int.MaxValue;
        for (int mask = 0; mask < 8; mask++)
        {
            QrMatrix matrix = new(version);
            matrix.Format((isMedium ? 0 : 1 << 3) | mask);
            matrix.Place(bytes, mask);
            int penalty = matrix.Penalty();
            if (penalty < least)
            {
                (best, least) = (matrix.dark, penalty);
            }
        }

        return best!;
    }

    void Set(int x, int y, bool isDark) => (dark[y, x], isPattern[y, x]) = (isDark, true);

    // Three rings of a finder and the light line around it, as far as it lies inside.
    void Finder(int x, int y)
    {
        for (int row = -1; row <= 7; row++)
        {
            for (int column = -1; column <= 7; column++)
            {
                if (x + column >= 0 && x + column < size && y + row >= 0 && y + row < size)
                {
                    int ring = Math.Max(Math.Abs(column - 3), Math.Abs(row - 3));
                    Set(x + column, y + row, ring is 3 or <= 1);
                }
            }
        }
    }

    void Rings(int x, int y, int outer)
    {
        for (int row = -outer; row <= outer; row++)
        {
            for (int column = -outer; column <= outer; column++)
            {
                Set(x + column, y + row, Math.Max(Math.Abs(row), Math.Abs(column)) != 1);
            }
        }
    }

    // Fifteen bits, twice: around the first finder, and split between the other two.
    void Format(int data)
    {
        int rest = data << 10;
        for (int bit = 14; bit >= 10; bit--)
        {
            rest ^= (rest >> bit & 1) != 0 ? FormatGenerator << (bit - 10) : 0;
        }

        int format = ((data << 10) | rest) ^ FormatMask;
        for (int i = 0; i < 15; i++)
        {
            bool isDark = (format >> i & 1) != 0;
            Set(8, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, isDark);
            Set(i < 8 ? size - 1 - i : i == 8 ? 7 : 14 - i, 8, isDark);
        }

        Set(8, size - 8, true);
    }

    // Two columns at a time from the right, up and down in turn, past the column of the timing pattern.
    void Place(ReadOnlySpan<byte> bytes, int mask)
    {
        int bit = 0;
        bool isUp = true;
        for (int right = size - 1; right > 0; right -= 2)
        {
            right -= right == 6 ? 1 : 0;
            for (int i = 0; i < size; i++)
            {
                int y = isUp ? size - 1 - i : i;
                for (int x = right; x >= right - 1; x--)
                {
                    if (!isPattern[y, x])
                    {
                        bool isDark = bit < 8 * bytes.Length && (bytes[bit >> 3] >> (7 - (bit & 7)) & 1) != 0;
                        dark[y, x] = isDark ^ IsMasked(mask, x, y);
                        bit++;
                    }
                }
            }

            isUp = !isUp;
        }
    }

    // Table 10.
    static bool IsMasked(int mask, int x, int y) => mask switch
    {
        0 => (x + y) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (x + y) % 3 == 0,
        4 => ((y / 2) + (x / 3)) % 2 == 0,
        5 => (x * y % 2) + (x * y % 3) == 0,
        6 => ((x * y % 2) + (x * y % 3)) % 2 == 0,
        _ => (((x + y) % 2) + (x * y % 3)) % 2 == 0,
    };

    // §7.8.3.1: long runs, blocks, what looks like a finder, and an uneven share of dark.
    int Penalty()
    {
        int penalty = 0, count = 0;
        for (int a = 0; a < size; a++)
        {
            penalty += Line(a, true) + Line(a, false);
            for (int b = 0; b < size; b++)
            {
                count += dark[a, b] ? 1 : 0;
                if (a > 0 && b > 0 && dark[a, b] == dark[a - 1, b] && dark[a, b] == dark[a, b - 1] && dark[a, b] == dark[a - 1, b - 1])
                {
                    penalty += 3;
                }
            }
        }

        return penalty + (Math.Abs((count * 20) - (size * size * 10)) / (size * size) * 10);
    }

    int Line(int at, bool isRow)
    {
        // Four light, then dark light dark dark dark light dark: a finder; also the other way round.
        const int Finder = 0b0000_1011101, Backward = 0b1011101_0000, Bits = 0x7FF;
        int penalty = 0, run = 0, seen = 0;
        bool last = false;
        for (int i = 0; i < size; i++)
        {
            bool isDark = isRow ? dark[at, i] : dark[i, at];
            run = i > 0 && isDark == last ? run + 1 : 1;
            penalty += run == 5 ? 3 : run > 5 ? 1 : 0;
            last = isDark;
            seen = ((seen << 1) | (isDark ? 1 : 0)) & Bits;
            penalty += i >= 10 && (seen == Finder || seen == Backward) ? 40 : 0;
        }

        return penalty;
    }
}
