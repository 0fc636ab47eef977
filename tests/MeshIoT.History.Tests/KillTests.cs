using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MeshIoT.Tests;
using Xunit;
using static MeshIoT.History.Tests.Feed;

namespace MeshIoT.History.Tests;

/// <summary>A process that writes is killed (SIGKILL) again and again at moments of no choice; what it was sure of is there, whole and in order.</summary>
public sealed class KillTests : IDisposable
{
    const int Rounds = 12;

    readonly TempDirectory directory = new();
    readonly Random random = new(7);

    public void Dispose() => directory.Dispose();

    [Fact]
    public void The_spool_keeps_what_was_urgent_and_all_before_it_and_no_reader_misses_any()
    {
        string path = directory.File("spool.db");
        int next = 0, sure = -1;
        for (int round = 0; round < Rounds; round++)
        {
            sure = Math.Max(sure, Writer.KillAfter(Writer.Start("spool", path, next), random.Next(1, 60)));

            using Spool spool = Spool.Open(path, new SpoolOptions(), TimeProvider.System);
            Assert.Null(spool.Problem);
            int[] slow = [.. ReadAll(spool, "slow")];

            // All of it, in order; the last may have been written and not been said.
            next = slow.Length / 3;
            Assert.InRange(next, sure + 1, int.MaxValue);
            Assert.Equal(Enumerable.Range(0, 3 * next), slow);
            int[] quick = [.. ReadAll(spool, "quick")];
            Assert.Equal(slow[^quick.Length..], quick);
        }

        Assert.Empty(Directory.GetFiles(directory.Path, "*.damaged*"));
    }

    [Fact]
    public void The_history_keeps_all_batches_that_were_written_each_once()
    {
        string path = directory.File("history.db");
        int next = 0;
        List<int> said = [];
        for (int round = 0; round < Rounds; round++)
        {
            int last = Writer.KillAfter(Writer.Start("history", path, next), random.Next(1, 40));
            said.AddRange(Enumerable.Range(next, Math.Max(0, last - next + 1)));
            using HistoryStore store = HistoryStore.Open(path, new HistoryOptions { Zone = TimeZoneInfo.Utc }, TimeProvider.System);
            Assert.Null(store.Problem);
            (long, double)[] found = Values(store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 100_000));
            Assert.Equal(0, store.Damaged);
            Assert.Equal(found.Length, found.Distinct().Count());
            HashSet<int> batches = [.. found.Select(p => (int)p.Item2 / 100)];
            Assert.Equal(batches.Count * 100, found.Length);
            Assert.Empty(said.Except(batches));
            Assert.Equal(found.Length, store.Query(Probe.Id, 0, long.MaxValue, Resolution.Hour, 100_000).Points.Sum(p => p.Count));

            // After what was written and not said.
            next = batches.Count == 0 ? 0 : batches.Max() + 1;
        }

        Assert.Empty(Directory.GetFiles(directory.Path, "*.damaged*"));
    }

    static IEnumerable<int> ReadAll(Spool spool, string reader)
    {
        long after = long.MinValue;
        while (spool.Read(reader, 500, after) is { Count: > 0 } read)
        {
            after = read[^1].Id;
            foreach (SpooledItem item in read)
            {
                yield return Spools.Number(item);
            }
        }
    }
}
