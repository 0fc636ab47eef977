using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MeshIoT.Sensors;
using MeshIoT.Tests;
using Xunit;
using static MeshIoT.History.Tests.Feed;

namespace MeshIoT.History.Tests;

public sealed class HistoryStoreTests : IDisposable
{
    const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    readonly TempDirectory directory = new();
    readonly ManualTime time = new();
    readonly HistoryOptions utc = new() { Zone = TimeZoneInfo.Utc };

    string Path => directory.File("history.db");

    public void Dispose() => directory.Dispose();

    [Fact]
    public void What_was_added_is_found_at_once_and_after_a_restart()
    {
        long t = Now(time);
        using (HistoryStore store = HistoryStore.Open(Path, utc, time))
        {
            store.Add([Of(t, 21.5), Of(t + 10_000, 21.57), Of(t + 20_000, -3)]);
            Assert.Equal([(t, 21.5), (t + 10_000, 21.57), (t + 20_000, -3)], Values(store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 100)));
            Assert.Equal(0, store.File!.BatchBytes);
        }

        using HistoryStore again = HistoryStore.Open(Path, utc, time);
        HistorySeries all = again.Query(Probe.Id, t, t + 20_000, Resolution.Auto, 100);
        Assert.Equal([(t, 21.5), (t + 10_000, 21.57)], Values(all));
        Assert.Equal(("°C", Resolution.Raw, 0), (all.Unit, all.Resolution, all.StepMs));
        Assert.Equal([Probe.Id], again.Sensors);
        Assert.Empty(again.Query("nobody", 0, long.MaxValue, Resolution.Auto, 10).Points);
        Assert.Empty(again.Query(Probe.Id, t + Day, t, Resolution.Auto, 10).Points);
        Assert.Empty(again.Query(Probe.Id, long.MinValue, long.MaxValue, Resolution.Day, 0).Points.Skip(1));
    }

    [Fact]
    public void Only_good_values_count()
    {
        using HistoryStore store = HistoryStore.Open(Path, utc, time);
        store.Add([Of(1, 1) with { Quality = Quality.Bad }, Of(2, 2) with { Quality = Quality.Stale }, Of(3, 3) with { Value = null }, Of(4, double.NaN), Of(5, 5)]);
        Assert.Single(store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 100).Points);
    }

    [Fact]
    public void Values_are_written_once_a_batch_and_nothing_while_nothing_comes()
    {
        using HistoryStore store = HistoryStore.Open(Path, utc, time);
        for (int i = 0; i < 6 * 60; i++)
        {
            store.Add([Of(Now(time), i)]);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(4, store.Written);
        time.Advance(TimeSpan.FromHours(1));
        DateTime log = File.GetLastWriteTimeUtc(Path + "-wal");
        long written = store.Written;
        for (int i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromHours(1));
            store.Query(Probe.Id, 0, long.MaxValue, Resolution.Auto, 100);
        }

        Assert.Equal((log, written), (File.GetLastWriteTimeUtc(Path + "-wal"), store.Written));
    }

    [Fact]
    public void Memory_is_bounded_and_written_before_the_time()
    {
        using HistoryStore store = HistoryStore.Open(Path, utc with { BufferBytes = 4096 }, time);
        for (int i = 0; i < 10_000; i++)
        {
            store.Add([Of(Now(time) + i, i / 7.0)]);
            Assert.True(store.BufferedBytes < 4096 + 64);
        }

        Assert.Equal(10_000, store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 100_000).Points.Count);
    }

    [Fact]
    public void Four_hundred_days_are_kept_as_long_as_each_resolution_says_and_mean_what_they_should()
    {
        HistoryOptions options = new() { Zone = Zones.Berlin, KeepRaw = TimeSpan.FromDays(7), KeepMinute = TimeSpan.FromDays(30), KeepQuarterHour = TimeSpan.FromDays(90) };
        using HistoryStore store = HistoryStore.Open(Path, options, time);
        List<(long, double)> all = [];
        long start = Now(time);
        for (int i = 0; i < 400 * 24 * 12; i++)
        {
            long t = Now(time);
            all.Add((t, ValueAt(t)));
            store.Add([Of(t, ValueAt(t))]);
            time.Advance(TimeSpan.FromMinutes(5));
        }

        long end = Now(time);
        Check(Resolution.Day, start, new DayStarts(Zones.Berlin).Of);
        Check(Resolution.Hour, start, t => t / Hour * Hour);
        Check(Resolution.QuarterHour, end - (89 * Day), t => t / (15 * Minute) * (15 * Minute));
        Check(Resolution.Minute, end - (29 * Day), t => t / Minute * Minute);
        Assert.Equal(all.Where(p => p.Item1 >= end - (6 * Day)), Values(store.Query(Probe.Id, end - (6 * Day), end, Resolution.Raw, 100_000)));
        Assert.Empty(store.Query(Probe.Id, start, end - (10 * Day), Resolution.Raw, 1000).Points);
        Assert.Empty(store.Query(Probe.Id, start, end - (36 * Day), Resolution.Minute, 1000).Points);
        Assert.Equal(Resolution.Raw, store.Query(Probe.Id, end - Day, end, Resolution.Auto, 500).Resolution);
        Assert.Equal(Resolution.Minute, store.Query(Probe.Id, end - (20 * Day), end, Resolution.Auto, 4000).Resolution);
        Assert.Equal(Resolution.QuarterHour, store.Query(Probe.Id, end - (80 * Day), end, Resolution.Auto, 1000).Resolution);
        Assert.Equal(Resolution.Hour, store.Query(Probe.Id, start, end, Resolution.Auto, 1200).Resolution);
        Assert.Equal(Resolution.Day, store.Query(Probe.Id, 0, long.MaxValue, Resolution.Auto, 400).Resolution);
        Assert.InRange(new FileInfo(Path).Length, 1, 2_000_000);

        void Check(Resolution resolution, long from, Func<long, long> span)
        {
            long first = span(from);
            HistorySeries found = store.Query(Probe.Id, from, end, resolution, 100_000);
            Assert.Equal(resolution, found.Resolution);
            Assert.Equal(RollUp(all.Where(p => p.Item1 >= first), span), found.Points, IsSame);
        }
    }

    [Fact]
    public void What_is_put_together_keeps_the_smallest_and_the_largest()
    {
        using HistoryStore store = HistoryStore.Open(Path, utc, time);
        long start = Now(time);
        for (int i = 0; i < 8640; i++)
        {
            store.Add([Of(Now(time), i == 4000 ? 99 : i == 6000 ? -50 : 20)]);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        foreach (Resolution resolution in Enum.GetValues<Resolution>())
        {
            foreach (int most in (int[])[1, 2, 3, 10, 97, 500])
            {
                HistorySeries found = store.Query(Probe.Id, start, Now(time), resolution, most);
                Assert.InRange(found.Points.Count, 1, most);
                Assert.Equal((-50, 99, 8640), (found.Points.Min(p => p.Min), found.Points.Max(p => p.Max), found.Points.Sum(p => p.Count)));
                Assert.Equal(found.Points.OrderBy(p => p.UnixMs), found.Points);
            }
        }
    }

    [Fact]
    public void Bytes_are_kept_to_and_the_oldest_go()
    {
        HistoryOptions small = utc with { MaxBytes = 400_000, SortBytes = 20_000 };
        using HistoryStore store = HistoryStore.Open(Path, small, time);
        Random random = new(3);
        for (int i = 0; i < 100_000; i++)
        {
            store.Add([Of(Now(time), random.NextDouble())]);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.InRange(store.File!.BytesOf(Resolution.Raw), 150_000, 200_000);
        Assert.InRange(store.File.Pages * 4096, 1, 700_000);
        long first = store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 100_000).Points[0].UnixMs;
        Assert.True(first > Now(time) - (3 * Day));
        Assert.True(store.Query(Probe.Id, 0, long.MaxValue, Resolution.Hour, 1000).Points[0].UnixMs < Now(time) - (11 * Day));
    }

    [Fact]
    public void A_unit_that_changes_is_converted_and_one_that_has_nothing_to_do_with_it_is_left_out()
    {
        using HistoryStore store = HistoryStore.Open(Path, utc, time);
        long t = Now(time);
        store.Add([Of(t, 20)]);
        store.Flush();
        store.Add([Of(t + 1000, 68.9, Probe with { Unit = "°F" })]);
        Assert.Equal(["°F"], new[] { store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 10).Unit });
        Assert.Equal([68, 68.9], store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 10).Points.Select(p => Math.Round(p.Mean, 9)));
        store.Add([Of(t + 2000, 20.5)]);
        store.Flush();
        Assert.Equal([20, 20.5, 20.5], store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 10).Points.Select(p => Math.Round(p.Mean, 9)));
        store.Add([Of(t + 3000, 7, Probe with { Unit = "%" })]);
        Assert.Equal([7], store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 10).Points.Select(p => p.Mean));
        store.Add([Of(t + 4000, 21)]);
        store.Dispose();
        using HistoryStore again = HistoryStore.Open(Path, utc, time);
        Assert.Equal("°C", again.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 10).Unit);
    }

    [Fact]
    public void All_measured_values_can_be_gone_through_piece_by_piece()
    {
        using HistoryStore store = HistoryStore.Open(Path, utc with { SortBytes = 2000 }, time);
        long t = Now(time);
        for (int i = 0; i < 5000; i++)
        {
            store.Add([Of(t + (i / 3 * 1000L), i)]);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        List<double> all = [];
        for (long from = 0; store.ReadRaw(Probe.Id, from, long.MaxValue, 700) is { Points.Count: > 0 } piece; from = piece.Points[^1].UnixMs + 1)
        {
            Assert.InRange(piece.Points.Count, 1, 702);
            all.AddRange(piece.Points.Select(p => p.Mean));
        }

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (double)i), all.Order());
    }
}
