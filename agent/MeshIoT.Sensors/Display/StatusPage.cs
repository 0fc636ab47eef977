using System;
using System.Collections.Generic;

namespace MeshIoT.Sensors.Display;

/// <summary>What a gateway's display says.</summary>
/// <param name="Title">The gateway's name.</param>
/// <param name="Lines">What else there is to say, the most important first.</param>
/// <param name="Code">What a person is to scan: the address of a login page; empty: nothing.</param>
public sealed record StatusPage(string Title, IReadOnlyList<string> Lines, string Code = "")
{
    /// <summary>Light modules around a symbol. The standard wants four; on a display that is lit around them readers do with less.</summary>
    const int LeastQuiet = 1;

    /// <summary>Draws it: the title on a lit bar and lines of text, or the symbol at the left and the text beside it.</summary>
    public Canvas Draw(int width, int height)
    {
        Canvas canvas = new(width, height);
        int left = Code.Length > 0 ? DrawCode(canvas) : 0;
        int columns = (width - left) / Font.Advance, rows = height / Font.LineHeight, row = 0;
        Write(canvas, left, ref row, rows, columns, Title);
        if (left == 0)
        {
            Invert(canvas, Font.LineHeight);
        }

        foreach (string line in Lines)
        {
            Write(canvas, left, ref row, rows, columns, line);
        }

        // A code that does not fit is better read than missed.
        if (Code.Length > 0 && left == 0)
        {
            Write(canvas, left, ref row, rows, columns, Code);
        }

        return canvas;
    }

    int DrawCode(Canvas canvas)
    {
        for (int version = 1; version <= QrCode.LargestVersion; version++)
        {
            if (QrCode.TryEncode(Code, version) is not { } code)
            {
                continue;
            }

            int scale = canvas.Height / (code.Size + (2 * LeastQuiet));
            if (scale == 0)
            {
                return 0;
            }

            int side = canvas.Height, margin = (side - (code.Size * scale)) / 2;
            canvas.Fill(0, 0, side, side, true);
            for (int y = 0; y < code.Size * scale; y++)
            {
                for (int x = 0; x < code.Size * scale; x++)
                {
                    if (code[x / scale, y / scale])
                    {
                        canvas[margin + x, margin + y] = false;
                    }
                }
            }

            return side + 3;
        }

        return 0;
    }

    // Breaks at spaces where there are some, and anywhere where there are none.
    static void Write(Canvas canvas, int left, ref int row, int rows, int columns, string text)
    {
        while (text.Length > 0 && row < rows)
        {
            int length = Math.Min(columns, text.Length);
            int space = length < text.Length ? text.LastIndexOf(' ', length, length) : -1;
            length = space > 0 ? space : length;
            canvas.Text(left, row++ * Font.LineHeight, text[..length]);
            text = text[length..].TrimStart();
        }
    }

    static void Invert(Canvas canvas, int height)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < canvas.Width; x++)
            {
                canvas[x, y] = !canvas[x, y];
            }
        }
    }
}
