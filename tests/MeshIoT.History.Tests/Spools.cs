using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace MeshIoT.History.Tests;

/// <summary>Short words for the tests of the spool.</summary>
internal static class Spools
{
    public static SpoolItem Item(int number, int size = 0) => new($"t/{number}", Encoding.UTF8.GetBytes(number.ToString().PadRight(size)), 1_000 + number);

    public static SpoolItem[] Items(int first, int count, int size = 0) => [.. Enumerable.Range(first, count).Select(n => Item(n, size))];

    public static int Number(SpooledItem item) => int.Parse(Encoding.UTF8.GetString(item.Item.Payload.Span));

    public static int[] Numbers(IEnumerable<SpooledItem> items) => [.. items.Select(Number)];

    /// <summary>Reads and acknowledges all that is there.</summary>
    public static int[] Drain(Spool spool, string reader)
    {
        List<int> all = [];
        while (spool.Read(reader, 100) is { Count: > 0 } next)
        {
            all.AddRange(Numbers(next));
            spool.Acknowledge(reader, next[^1].Id);
        }

        return [.. all];
    }
}
