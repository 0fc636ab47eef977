using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Paths.Tests.Simulation;
using Xunit;

namespace MeshIoT.Paths.Tests;

/// <summary>
/// Whatever happens to the networks of two nodes: while there is any way from one to the other, traffic flows again within seconds.
/// MESHIOT_HISTORIES sets how many are played, MESHIOT_HISTORY the first seed.
/// </summary>
public sealed class RandomHistoryTests
{
    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    [Fact]
    public void While_there_is_any_way_traffic_flows()
    {
        int first = Setting("MESHIOT_HISTORY", 1), count = Setting("MESHIOT_HISTORIES", 500);
        ConcurrentBag<(int Seed, string What)> wrong = [];
        Stopwatch watch = Stopwatch.StartNew();
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            using History history = new(seed);
            try
            {
                if (history.Run() is { } why)
                {
                    wrong.Add((seed, why + Environment.NewLine + history.Log));
                }
            }
#pragma warning disable CA1031 // Which seed it was is worth more than where it was thrown.
            catch (Exception e)
#pragma warning restore CA1031
            {
                wrong.Add((seed, e + Environment.NewLine + history.Log));
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} histories in {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {count}: " + string.Join(Environment.NewLine, wrong.OrderBy(static one => one.Seed).Take(8).Select(static one => $"[{one.Seed}] {one.What}")));
    }
}
