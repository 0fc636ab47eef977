using System;
using MeshIoT.Paths.NetCheck;
using System.Net;
using Xunit;

namespace MeshIoT.Paths.Tests;

/// <summary>What a report says of a region.</summary>
public class NetCheckReportTests
{
    static TimeSpan? Ms(int? ms) => ms is { } n ? TimeSpan.FromMilliseconds(n) : null;

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(20, null, null, 20)]
    [InlineData(20, 10, null, 10)]
    [InlineData(null, 30, null, 30)]
    [InlineData(null, null, 80, 80)]
    [InlineData(90, 95, 80, 80)]
    public void A_region_is_as_far_as_its_shortest_way(int? v4, int? v6, int? https, int? expected) =>
        Assert.Equal(Ms(expected), new RegionReport(1, "a", "A") { V4 = Ms(v4), V6 = Ms(v6), Https = Ms(https) }.Latency);

    [Theory]
    [InlineData("203.0.113.5:1", "203.0.113.5:1", false, false)]
    [InlineData("203.0.113.5:1", "203.0.113.5:2", false, true)]
    [InlineData("203.0.113.5:1", "203.0.113.5:2", true, false)]
    [InlineData("203.0.113.5:1", "203.0.113.6:1", true, true)]
    [InlineData("203.0.113.5:1", "", false, false)]
    [InlineData("", "203.0.113.5:1", false, false)]
    public void Being_seen_at_none_of_the_former_places_is_being_elsewhere(string then, string now, bool varies, bool elsewhere)
    {
        static NetCheckReport Seen(string at, bool varies) => new() { GlobalV4 = at.Length == 0 ? [] : [IPEndPoint.Parse(at)], MappingVariesByDestIP = varies };
        Assert.Equal(elsewhere, Seen(now, varies).IsElsewhereThan(Seen(then, false)));
        Assert.False(Seen(now, varies).IsElsewhereThan(null));
    }
}
