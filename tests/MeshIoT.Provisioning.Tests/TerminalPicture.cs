using System;
using System.IO;
using System.Linq;
using System.Text;

namespace MeshIoT.Provisioning.Tests;

/// <summary>What a camera sees of a terminal: painted cells in the text colour, the rest in the background's. Cells are 8 x 16 pixels.</summary>
internal static class TerminalPicture
{
    const int Width = 8, Height = 16;

    /// <summary>A binary PGM of the screen. A number sign counts as fully painted, as it looks from a step back.</summary>
    public static byte[] Photograph(string drawn, bool darkBackground)
    {
        string[] lines = drawn.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int columns = lines.Max(l => l.Length), width = columns * Width, height = lines.Length * Height;
        (byte paint, byte ground) = darkBackground ? ((byte)255, (byte)0) : ((byte)0, (byte)255);
        byte[] pixels = Enumerable.Repeat(ground, width * height).ToArray();
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                string line = lines[y / Height];
                char c = x / Width < line.Length ? line[x / Width] : ' ';
                bool upper = y % Height < Height / 2;
                if (c is '\u2588' or '#' || (c == '\u2580' && upper) || (c == '\u2584' && !upper))
                {
                    pixels[(y * width) + x] = paint;
                }
            }
        }

        using MemoryStream pgm = new();
        pgm.Write(Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n"));
        pgm.Write(pixels);
        return pgm.ToArray();
    }
}
