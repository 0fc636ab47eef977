using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Policy.Compiler;

/// <summary>Small sets of numbers as sorted arrays.</summary>
internal static class SortedInts
{
    public static int[] Of(IEnumerable<int> numbers) => [.. numbers.Distinct().Order()];

    public static bool Intersect(int[] a, int[] b)
    {
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            if (a[i] == b[j])
            {
                return true;
            }

            if (a[i] < b[j])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return false;
    }
}
