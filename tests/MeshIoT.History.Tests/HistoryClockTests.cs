using System;
using System.Linq;
using MeshIoT.Tests;
using Xunit;
using static MeshIoT.History.Tests.Feed;

namespace MeshIoT.History.Tests;

/// <summary>Clocks that are wrong, and clocks that are set.</summary>
public sealed class HistoryClockTests : IDisposable
{
    readonly TempDirectory directory = new();
    readonly ManualTime time = new();
    readonly ShiftedTime shifted;
    readonly HistoryOptions utc = new() { Zone = TimeZoneInfo.Utc };

    public HistoryClockTests() => shifted = new(time);

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(60)]
    [InlineData(3000)]
    public void A_gateway_that_begins_in_1970_puts_its_values_right_once_it_knows_the_time(int minutes)
    {
        using HistoryStore store = HistoryStore.Open(directory.File("history.db"), utc, shifted);
        shifted.Shift = DateTimeOffset.UnixEpoch - time.GetUtcNow();
        long start = time.GetUtcNow().ToUnixTimeMilliseconds();
        long late = 0;
        for (int i = 0; i < minutes + 30; i++)
        {
            if (i == minutes)
            {
                late = Now(shifted);
                shifted.Shift = TimeSpan.FromMilliseconds(1500);
            }

            store.Add([Of(Now(shifted), i)]);
            if (i == minutes)
            {
                store.Add([Of(late, -1)]);
            }

            time.Advance(TimeSpan.FromMinutes(1));
        }

        HistorySeries all = store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 10_000);
        Assert.Equal(minutes + 31, all.Points.Count);
        Assert.All(all.Points, p => Assert.InRange(p.UnixMs, start, start + ((minutes + 31) * 60_000L) + 1500));
        Assert.Equal(Enumerable.Range(0, minutes + 30).Select(i => (double)i), all.Points.Select(p => p.Mean).Where(v => v >= 0));
        store.Flush();
        Assert.Equal(all.Points, store.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 10_000).Points);
    }

    [Fact]
    public void A_gateway_that_never_knows_the_time_keeps_its_values_under_the_time_it_has()
    {
        shifted.Shift = DateTimeOffset.UnixEpoch - time.GetUtcNow();
        for (int boot = 0; boot < 3; boot++)
        {
            using HistoryStore store = HistoryStore.Open(directory.File("history.db"), utc, shifted);
            for (int i = 0; i < 100; i++)
            {
                store.Add([Of(Now(shifted), i)]);
                time.Advance(TimeSpan.FromSeconds(10));
            }

            // Each boot begins in 1970 again.
            shifted.Shift = DateTimeOffset.UnixEpoch - time.GetUtcNow();
        }

        using HistoryStore later = HistoryStore.Open(directory.File("history.db"), utc, time);
        time.Advance(TimeSpan.FromDays(2));
        later.Add([Of(Now(time), 1)]);
        later.Flush();
        HistorySeries all = later.Query(Probe.Id, 0, long.MaxValue, Resolution.Raw, 10_000);
        Assert.Equal(301, all.Points.Count);
        Assert.Equal(all.Points.OrderBy(p => p.UnixMs).Select(p => p.UnixMs), all.Points.Select(p => p.UnixMs));
    }

    [Theory]
    [InlineData(-90)]
    [InlineData(90)]
    [InlineData(-60 * 24 * 40)]
    [InlineData(60 * 24 * 400)]
    public void A_clock_that_is_set_loses_nothing_and_queries_stay_in_order(int minutes)
    {
        using HistoryStore store = HistoryStore.Open(directory.File("history.db"), utc with { SortBytes = 500 }, shifted);
        for (int i = 0; i < 2000; i++)
        {
            store.Add([Of(Now(shifted), i)]);
            time.Advance(TimeSpan.FromSeconds(10));
            shifted.Shift = i is > 700 and < 1400 ? TimeSpan.FromMinutes(minutes) : TimeSpan.Zero;
        }

        foreach (Resolution resolution in Enum.GetValues<Resolution>())
        {
            HistorySeries all = store.Query(Probe.Id, 0, long.MaxValue, resolution, 10_000);
            Assert.Equal(2000, all.Points.Sum(p => p.Count));
            Assert.Equal((0, 1999), (all.Points.Min(p => p.Min), all.Points.Max(p => p.Max)));
            Assert.Equal(all.Points.Select(p => p.UnixMs).Order(), all.Points.Select(p => p.UnixMs));
        }
    }

    [Theory]
    [InlineData("2026-03-28T12:00Z", 23)]
    [InlineData("2026-10-24T12:00Z", 25)]
    public void The_day_on_which_clocks_change_is_one_day(string begin, int hours)
    {
        shifted.Shift = DateTimeOffset.FromUnixTimeMilliseconds(Utc(begin)) - time.GetUtcNow();
        using HistoryStore store = HistoryStore.Open(directory.File("history.db"), new HistoryOptions { Zone = Zones.Berlin }, shifted);
        for (int i = 0; i < 4 * 24 * 60; i++)
        {
            store.Add([Of(Now(shifted), i)]);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        HistorySeries days = store.Query(Probe.Id, 0, long.MaxValue, Resolution.Day, 100);
        // From noon UTC: eleven hours in winter, ten in summer.
        Assert.Equal([hours == 23 ? 660 : 600, hours * 60, 1440, 1440], days.Points.Take(4).Select(p => p.Count));
        Assert.Equal(4 * 24 * 60, days.Points.Sum(p => p.Count));
        Assert.All(days.Points.Skip(1), p => Assert.Equal(TimeSpan.Zero, TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(p.UnixMs), Zones.Berlin).TimeOfDay));
        HistorySeries hour = store.Query(Probe.Id, 0, long.MaxValue, Resolution.Hour, 1000);
        Assert.All(hour.Points.Skip(1).SkipLast(1), p => Assert.Equal(60, p.Count));
    }
}
