using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Policy.Document;

/// <summary>"Did you mean …?"</summary>
internal static class Spelling
{
    /// <summary>An addition to an error message: the nearest of <paramref name="known"/>, or nothing where none is near.</summary>
    public static string Hint(string written, IEnumerable<string> known)
    {
        if (written.Length > 60)
        {
            return "";
        }

        string? best = known.Where(k => k.Length <= 60).Take(500)
            .Select(k => (Name: k, Distance: Distance(written.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(x => x.Distance <= Math.Max(1, Math.Min(3, x.Name.Length / 3)))
            .OrderBy(x => x.Distance).Select(x => x.Name).FirstOrDefault();
        return best is null ? "" : $"; did you mean \"{best}\"?";
    }

    /// <summary>Levenshtein: letters added, left out or changed.</summary>
    static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }

        return row[b.Length];
    }
}
