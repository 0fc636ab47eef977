using System;
using System.Collections.Generic;
using CsCheck;
using Xunit;
using static MeshIoT.History.Tests.Feed;

namespace MeshIoT.History.Tests;

public sealed class DayStartsTests
{
    const long Hour = 3_600_000;

    public static TheoryData<string> ZoneNames => ["berlin", "rule", "midnight", "utc", "Pacific/Auckland", "Pacific/Kiritimati", "America/Sao_Paulo", "Asia/Beirut", "Australia/Lord_Howe"];

    static TimeZoneInfo Zone(string name)
    {
        switch (name)
        {
            case "berlin": return Zones.Berlin;
            case "rule": return Zones.ByRule();
            case "midnight": return Zones.AtMidnight();
            case "utc": return TimeZoneInfo.Utc;
        }

        Assert.SkipUnless(TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone), "no table of time zones here");
        return zone!;
    }

    [Fact]
    public void The_days_on_which_clocks_change_have_23_and_25_hours()
    {
        DayStarts days = new(Zones.Berlin);
        Assert.Equal(Utc("2026-03-28T23:00Z"), days.Of(Utc("2026-03-29T01:30Z")));
        Assert.Equal(Utc("2026-03-29T22:00Z"), days.Of(Utc("2026-03-30T10:00Z")));
        Assert.Equal(Utc("2026-10-24T22:00Z"), days.Of(Utc("2026-10-25T00:30Z")));
        Assert.Equal(Utc("2026-10-24T22:00Z"), days.Of(Utc("2026-10-25T22:59Z")));
        Assert.Equal(Utc("2026-10-25T23:00Z"), days.Of(Utc("2026-10-25T23:00Z")));
    }

    [Theory]
    [MemberData(nameof(ZoneNames))]
    public void Every_moment_belongs_to_one_day_that_begins_before_it_and_days_follow_each_other(string name)
    {
        TimeZoneInfo zone = Zone(name);
        DayStarts days = new(zone);
        long last = long.MinValue, number = 0;
        for (long t = Utc("2016-01-01T00:10Z"); t < Utc("2030-01-01T00:00Z"); t += Hour / 2)
        {
            long start = days.Of(t);
            Assert.True(start <= t && t - start < 26 * Hour);
            if (start != last)
            {
                Assert.True(start > last);
                Assert.True(last == long.MinValue || days.NumberOf(t) > number);
                (last, number) = (start, days.NumberOf(t));
                DateTime local = TimeZoneInfo.ConvertTimeFromUtc(DateTimeOffset.FromUnixTimeMilliseconds(start).UtcDateTime, zone);
                Assert.True(local.TimeOfDay == TimeSpan.Zero || zone.IsInvalidTime(local.Date), $"{local:O}");
                Assert.Equal(start, new DayStarts(zone).Of(start));
            }
        }
    }
}
