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

    /// <summary>Letters added, left out, changed, or swapped with their neighbour.</summary>
    static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j
                    : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
