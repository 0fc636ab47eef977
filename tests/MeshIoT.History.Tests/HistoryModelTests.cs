using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using MeshIoT.Sensors;
using MeshIoT.Tests;
using Xunit;
using static MeshIoT.History.Tests.Feed;

namespace MeshIoT.History.Tests;

/// <summary>Random histories of two sensors against lists: batches, sorting, restarts, pauses, a clock that is set, ranges of every kind.</summary>
public sealed class HistoryModelTests
{
    enum Step
    {
        Add,
        AddOther,
        Flush,
        Restart,
        Wait,
        SetClock,
        Query,
    }

    static readonly Gen<(Step, int, int)[]> Histories = Gen.Select(Gen.Enum<Step>(), Gen.Int[1, 400], Gen.Int[-50, 50]).Array[1, 60];

    [Fact]
    public void Every_query_finds_what_a_list_would() => Histories.Sample(
        static history =>
        {
            using TempDirectory directory = new();
            ManualTime time = new();
            ShiftedTime shifted = new(time);
            HistoryOptions options = new() { Zone = Zones.Berlin, SortBytes = 3000, BufferBytes = 2000 };
            HistoryStore store = HistoryStore.Open(directory.File("history.db"), options, shifted);
            SensorDescription other = Probe with { Id = "other", Unit = "%" };
            List<(long UnixMs, double Value)> a = [], b = [];
            foreach ((Step step, int n, int m) in history)
            {
                switch (step)
                {
                    case Step.Add or Step.AddOther:
                        for (int i = 0; i < n; i++)
                        {
                            (step == Step.Add ? a : b).Add((Now(shifted), i * m / 4.0));
                            store.Add([Of(Now(shifted), i * m / 4.0, step == Step.Add ? Probe : other)]);
                            time.Advance(TimeSpan.FromSeconds(m % 7 == 0 ? 0.5 : 10));
                        }

                        break;
                    case Step.Flush:
                        store.Flush();
                        break;
                    case Step.Restart:
                        store.Dispose();
                        store = HistoryStore.Open(directory.File("history.db"), options, shifted);
                        break;
                    case Step.Wait:
                        time.Advance(TimeSpan.FromMinutes(n * 11));
                        break;
                    case Step.SetClock:
                        shifted.Shift = TimeSpan.FromMinutes(n * m);
                        break;
                    default:
                        Check(store, a, n, m);
                        break;
                }
            }

            Check(store, a, 50, 0);
            Assert.Equal(b.OrderBy(p => p.UnixMs), Values(store.Query("other", 0, long.MaxValue, Resolution.Raw, 100_000)));
            Assert.Equal(0, store.Dropped + store.Damaged);
            store.Dispose();
        },
        iter: 30, threads: 2);

    static void Check(HistoryStore store, List<(long UnixMs, double Value)> all, int n, int m)
    {
        long middle = all.Count == 0 ? 0 : all[all.Count * Math.Abs(m) / 51].UnixMs, from = middle - (n * 60_000L), to = middle + (n * 97_001L);
        DayStarts days = new(Zones.Berlin);
        Assert.Equal(all.Where(p => p.UnixMs >= from && p.UnixMs < to).OrderBy(p => p.UnixMs), Values(store.Query(Probe.Id, from, to, Resolution.Raw, 100_000)));
        foreach ((Resolution resolution, Func<long, long> start) in (ReadOnlySpan<(Resolution, Func<long, long>)>)
            [(Resolution.Minute, t => t / 60_000 * 60_000), (Resolution.QuarterHour, t => t / 900_000 * 900_000), (Resolution.Hour, t => t / 3_600_000 * 3_600_000), (Resolution.Day, days.Of)])
        {
            HistorySeries found = store.Query(Probe.Id, from, to, resolution, 100_000);
            List<HistoryPoint> expected = RollUp(all, start);

            // The spans at both ends may be whole or cut, as values are sorted already or not.
            HistoryPoint[] inner = [.. expected.Where(p => p.UnixMs >= from && start(to) > p.UnixMs)];
            Assert.Equal(inner, found.Points.Where(p => p.UnixMs >= from && start(to) > p.UnixMs), IsSame);
            Assert.All(found.Points, p => Assert.Contains(expected, e => e.UnixMs == p.UnixMs && e.Min <= p.Min && e.Max >= p.Max && e.Count >= p.Count));
            HistorySeries few = store.Query(Probe.Id, 0, long.MaxValue, resolution, 7);
            Assert.InRange(few.Points.Count, all.Count > 0 ? 1 : 0, 7);
            Assert.Equal(all.Count, few.Points.Sum(p => p.Count));
        }

        HistorySeries auto = store.Query(Probe.Id, 0, long.MaxValue, Resolution.Auto, 100);
        Assert.InRange(auto.Points.Count, all.Count > 0 ? 1 : 0, 100);
        Assert.Equal(all.Count, auto.Points.Sum(p => p.Count));
        Assert.True(all.Count == 0 || (all.Min(p => p.Value), all.Max(p => p.Value)) == (auto.Points.Min(p => p.Min), auto.Points.Max(p => p.Max)));
    }
}
