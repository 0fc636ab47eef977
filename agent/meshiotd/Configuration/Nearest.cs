using System;
using System.Collections.Generic;

namespace MeshIoT.Agent.Configuration;

/// <summary>"Did you mean": the known name a mistyped one is nearest to.</summary>
internal static class Nearest
{
    /// <summary>" Did you mean \"x\"?" or nothing, of these names.</summary>
    public static string Hint(string typed, IEnumerable<string> names)
    {
        string best = "";
        int bestDistance = 3;
        foreach (string name in names)
        {
            int d = Distance(typed, name);
            if (d < bestDistance)
            {
                (best, bestDistance) = (name, d);
            }
        }

        return best.Length == 0 ? "" : $" Did you mean \"{best}\"?";
    }

    /// <summary>Levenshtein distance; texts over 64 characters are simply far.</summary>
    static int Distance(string a, string b)
    {
        if (a.Length > 64 || b.Length > 64)
        {
            return int.MaxValue;
        }

        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
