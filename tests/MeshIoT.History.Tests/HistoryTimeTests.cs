using System;
using System.Text;
using Xunit;
using static MeshIoT.History.Tests.Feed;

namespace MeshIoT.History.Tests;

public sealed class HistoryTimeTests
{
    [Theory]
    [InlineData("2026-10-25T00:30Z", "2026-10-25T02:30:00.000+02:00")]
    [InlineData("2026-10-25T01:30Z", "2026-10-25T02:30:00.000+01:00")]
    [InlineData("2026-03-29T00:59Z", "2026-03-29T01:59:00.000+01:00")]
    [InlineData("2026-03-29T01:00Z", "2026-03-29T03:00:00.000+02:00")]
    public void The_hour_that_comes_twice_is_told_apart_and_text_reads_back(string utc, string local)
    {
        Assert.Equal(local, HistoryTime.Text(Utc(utc), Zones.Berlin));
        Assert.Equal(local, HistoryTime.Text(Utc(utc), Zones.ByRule()));
        Assert.True(HistoryTime.TryParse(local, TimeZoneInfo.Utc, out long back));
        Assert.Equal(Utc(utc), back);
        Assert.True(HistoryTime.TryParse(HistoryTime.Text(Utc(utc), TimeZoneInfo.Utc), Zones.Berlin, out back));
        Assert.Equal(Utc(utc), back);
    }

    [Theory]
    [InlineData("2026-07-01", "2026-06-30T22:00Z")]
    [InlineData("2026-07-01T12:00", "2026-07-01T10:00Z")]
    [InlineData("2026-12-01T12:00:00.5", "2026-12-01T11:00:00.5Z")]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:30Z")]
    [InlineData("1790000000000", "2026-09-21T14:13:20Z")]
    public void What_has_no_offset_is_of_the_zone(string text, string utc)
    {
        Assert.True(HistoryTime.TryParse(text, Zones.Berlin, out long at));
        Assert.Equal(Utc(utc), at);
    }

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("99999999999999999999")]
    [InlineData("0001-01-01")]
    [InlineData("2026-02-30")]
    public void Other_texts_are_no_times(string text) => Assert.False(HistoryTime.TryParse(text, TimeZoneInfo.Utc, out _));

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("Europe/../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    [InlineData("Europe/Berlin\0")]
    [InlineData("Moon/Tycho")]
    public void Other_texts_are_no_zones(string name) => Assert.False(HistoryTime.TryFindZone(name, out _));

    [Fact]
    public void Csv_tells_values_and_what_several_come_to()
    {
        StringBuilder text = new(HistoryCsv.Header(Resolution.Raw));
        HistoryCsv.Append(text, new("a", "°C", Resolution.Raw, 0, [new(0, 1.5, 1.5, 1.5, 1)]), isRaw: true, TimeZoneInfo.Utc);
        HistoryCsv.Append(text, new("b", "say \"x\"", Resolution.Hour, 3_600_000, [new(0, -1, 1 / 3.0, 2, 9)]), isRaw: false, Zones.Berlin);
        Assert.Equal("time,sensor,value,unit\r\n1970-01-01T00:00:00.000Z,a,1.5,°C\r\n1970-01-01T01:00:00.000+01:00,b,-1,0.333333,2,9,\"say \"\"x\"\"\"\r\n", text.ToString());
    }
}
