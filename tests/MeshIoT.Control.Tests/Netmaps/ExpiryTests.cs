using System;
using System.Linq;
using System.Text.Json;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>Keys end by the local clock, corrected by the coordinator's. The test's clock stands at 2026-11-23 12:00. control-plane.md section 8.</summary>
public class ExpiryTests
{
    readonly ManualTime time = new();

    static MapResponse Read(string json) => JsonSerializer.Deserialize(json, TailcfgJson.Default.MapResponse)!;

    Netmap Start(out NetmapBuilder builder, string more = "")
    {
        builder = new NetmapBuilder(null, time);
        return builder.Apply(Read($$"""
            {"Node":{"ID":1,"KeyExpiry":"2026-11-23T15:00:00Z"},{{more}}
            "Peers":[{"ID":2,"KeyExpiry":"2026-11-23T13:00:00Z"},{"ID":3,"KeyExpiry":"2026-11-23T14:00:00Z"},{"ID":4},{"ID":5,"Expired":true},{"ID":6,"KeyExpiry":"0001-01-01T00:00:00Z"}]}
            """));
    }

    static string Expired(Netmap netmap) => string.Join(' ', netmap.Peers.Where(p => p.Expired).Select(p => p.ID));

    [Fact]
    public void Each_peer_ends_at_its_time_and_nothing_happens_between()
    {
        Netmap netmap = Start(out NetmapBuilder builder);
        Assert.Equal("5", Expired(netmap));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 13, 0, 0, TimeSpan.Zero), netmap.NextExpiry);
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Same(netmap, builder.ApplyExpiry());
        time.Advance(TimeSpan.FromMinutes(1));
        Netmap after = builder.ApplyExpiry();
        Assert.Equal("2 5", Expired(after));
        Assert.Equal([2], after.Changes.Peers.Select(p => p.ID));
        Assert.Equal(netmap.Version + 1, after.Version);
        Assert.Equal(14, after.NextExpiry!.Value.Hour);
        time.Advance(TimeSpan.FromHours(1));
        after = builder.ApplyExpiry();
        Assert.Equal("2 3 5", Expired(after));
        Assert.Null(after.NextExpiry);
        Assert.False(after.IsSelfExpired(time.GetUtcNow()));
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(after.IsSelfExpired(time.GetUtcNow()));
    }

    [Fact]
    public void A_key_that_has_ended_before_the_frame_came_is_ended_from_the_start()
    {
        time.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal("2 5", Expired(Start(out _)));
    }

    [Fact]
    public void An_extended_key_lives_again_and_one_that_was_ended_early_ends()
    {
        Start(out NetmapBuilder builder);
        time.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal("2 5", Expired(builder.ApplyExpiry()));
        Netmap netmap = builder.Apply(Read("""{"PeersChangedPatch":[{"NodeID":2,"KeyExpiry":"2026-11-24T00:00:00Z"},{"NodeID":4,"KeyExpiry":"2026-11-23T12:00:00Z"}]}"""));
        Assert.Equal("4 5", Expired(netmap));
        Assert.Equal(14, netmap.NextExpiry!.Value.Hour);
    }

    [Fact]
    public void The_coordinators_clock_decides_where_ours_is_off()
    {
        Netmap netmap = Start(out NetmapBuilder builder, """ "ControlTime":"2026-11-23T13:30:00Z", """);
        Assert.Equal("2 5", Expired(netmap));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 12, 30, 0, TimeSpan.Zero), netmap.NextExpiry);
        Assert.True(netmap.IsSelfExpired(time.GetUtcNow().AddMinutes(90)));
        time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("2 3 5", Expired(builder.ApplyExpiry()));
    }

    [Fact]
    public void A_coordinator_with_an_impossible_clock_ends_nothing_until_it_has_mended()
    {
        time.Advance(TimeSpan.FromDays(30));
        Netmap netmap = Start(out NetmapBuilder builder, """ "ControlTime":"2020-08-03T00:00:01Z", """);
        Assert.Equal("5", Expired(netmap));
        Assert.Null(netmap.NextExpiry);
        Assert.False(netmap.IsSelfExpired(time.GetUtcNow()));
        Assert.Equal(TimeSpan.Zero, netmap.ClockOffset);
        builder.Apply(Read("""{"KeepAlive":true,"ControlTime":"2026-12-23T12:00:00Z"}"""));
        Assert.Equal("2 3 5", Expired(builder.ApplyExpiry()));
    }
}
