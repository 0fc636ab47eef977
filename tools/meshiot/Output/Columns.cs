using System;
using System.Collections.Generic;
using System.IO;

namespace MeshIoT.Cli.Output;

/// <summary>Aligned columns of plain text, two spaces between them, nothing behind the last.</summary>
internal sealed class Columns
{
    readonly List<string[]> rows = [];

    public void Add(params string[] cells) => rows.Add(cells);

    public void Write(TextWriter to)
    {
        int[] widths = [];
        foreach (string[] row in rows)
        {
            Array.Resize(ref widths, Math.Max(widths.Length, row.Length));
            for (int i = 0; i < row.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                to.Write(i == row.Length - 1 ? row[i] : row[i].PadRight(widths[i] + 2));
            }

            to.WriteLine();
        }
    }
}
