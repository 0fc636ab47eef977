using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Policy.Compiler;

/// <summary>Small sets of numbers as sorted arrays.</summary>
internal static class SortedInts
{
    public static int[] Of(IEnumerable<int> numbers) => [.. numbers.Distinct().Order()];

    /// <summary>Sorts and thins out a list that the caller gives away.</summary>
    public static int[] Of(List<int> numbers)
    {
        if (numbers.Count < 2)
        {
            return numbers.Count == 0 ? [] : [numbers[0]];
        }

        numbers.Sort();
        int kept = 1;
        for (int i = 1; i < numbers.Count; i++)
        {
            if (numbers[i] != numbers[kept - 1])
            {
                numbers[kept++] = numbers[i];
            }
        }

        numbers.RemoveRange(kept, numbers.Count - kept);
        return [.. numbers];
    }

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
