using System;

namespace MeshIoT.Sensors.Display;

/// <summary>
/// A small picture of dots that are lit or not. Its bytes are laid out as such displays want them: eight rows a page, a byte a column within the page,
/// the topmost row in the lowest bit (SSD1306 §8.7).
/// </summary>
public sealed class Canvas
{
    /// <summary>A dark picture.</summary>
    /// <param name="width">Dots across, 8 to 256.</param>
    /// <param name="height">Dots down, a multiple of 8 up to 256.</param>
    public Canvas(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 256);
        ArgumentOutOfRangeException.ThrowIfNotEqual(height % 8, 0);
        (Width, Height, Bytes) = (width, height, new byte[width * height / 8]);
    }

    /// <summary>Dots across.</summary>
    public int Width { get; }

    /// <summary>Dots down.</summary>
    public int Height { get; }

    /// <summary>The picture, page by page.</summary>
    public byte[] Bytes { get; }

    /// <summary>Whether a dot is lit; outside none is.</summary>
    public bool this[int x, int y]
    {
        get => IsInside(x, y) && (Bytes[At(x, y)] >> (y & 7) & 1) != 0;
        set
        {
            if (IsInside(x, y))
            {
                byte bit = (byte)(1 << (y & 7));
                Bytes[At(x, y)] = (byte)(value ? Bytes[At(x, y)] | bit : Bytes[At(x, y)] & ~bit);
            }
        }
    }

    /// <summary>Makes all dots of a rectangle lit or dark.</summary>
    public void Fill(int x, int y, int width, int height, bool isLit)
    {
        for (int row = y; row < y + height; row++)
        {
            for (int column = x; column < x + width; column++)
            {
                this[column, row] = isLit;
            }
        }
    }

    /// <summary>Writes one line of text; what does not fit is cut off.</summary>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Top edge.</param>
    /// <param name="text">The text; characters that the font lacks become boxes.</param>
    public void Text(int x, int y, string text)
    {
        foreach (char c in text)
        {
            ReadOnlySpan<byte> glyph = Font.Glyph(c);
            for (int row = 0; row < Font.GlyphHeight; row++)
            {
                for (int column = 0; column < Font.GlyphWidth; column++)
                {
                    if ((glyph[row] >> (Font.GlyphWidth - 1 - column) & 1) != 0)
                    {
                        this[x + column, y + row] = true;
                    }
                }
            }

            x += Font.Advance;
        }
    }

    bool IsInside(int x, int y) => x >= 0 && x < Width && y >= 0 && y < Height;

    int At(int x, int y) => ((y >> 3) * Width) + x;
}
