using System;
using System.Linq;
using System.Net;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using Xunit;

namespace MeshIoT.Web.Tests;

/// <summary>Pings and paths in the LocalAPI's words: these are promises to scripts.</summary>
public class PathMappingTests
{
    static readonly IPEndPoint Far = IPEndPoint.Parse("203.0.113.2:41641"), Near = IPEndPoint.Parse("192.168.1.2:41641"), Dead = IPEndPoint.Parse("10.0.0.9:9");
    static readonly RelayStatus Mesh = new(900, "mesh", "Our cellar", true);

    static readonly PathReport Report = new()
    {
        Name = "greenhouse.demo", Address = IPAddress.Parse("100.64.0.3"), NodeKey = "nodekey:00", Reason = PathReason.Points, Direct = Far,
        TrustLeft = TimeSpan.FromSeconds(4.2), HomeRelay = Mesh,
        Candidates =
        [
            new(Far) { IsListed = true, IsChosen = true, PingedAgo = TimeSpan.FromSeconds(1), AnsweredAgo = TimeSpan.FromSeconds(1), Latency = TimeSpan.FromMilliseconds(10), Speed = 75 },
            new(Near) { IsCalled = true, IsHeard = true, PingedAgo = TimeSpan.FromSeconds(3), AnsweredAgo = TimeSpan.FromSeconds(3), Latency = TimeSpan.FromMilliseconds(40), Nearness = 20, Speed = 0 },
            new(Dead) { IsListed = true, PingedAgo = TimeSpan.FromSeconds(9), IsSilent = true, Nearness = 20 },
        ],
    };

    [Fact]
    public void A_direct_path_has_its_endpoint_its_reason_and_a_verdict_for_each_candidate()
    {
        PathDto dto = PathMapping.ToDto(Report);
        Assert.Equal(("direct", "points", "203.0.113.2:41641", 4200L), (dto.Path, dto.Reason, dto.Endpoint, dto.TrustLeft));
        Assert.Equal(["chosen", "worse", "silent"], dto.Candidates.Select(static candidate => candidate.Verdict));
        Assert.Equal(["netmap", "call-me-maybe, heard", "netmap"], dto.Candidates.Select(static candidate => string.Join(", ", candidate.From)));
        Assert.Equal((900, "mesh", "Our cellar", true), (dto.HomeRelay!.Region, dto.HomeRelay.Code, dto.HomeRelay.Name, dto.HomeRelay.Connected));
        Assert.Null(dto.Relay);
    }

    [Fact]
    public void A_path_that_is_not_sure_goes_both_ways()
    {
        PathDto dto = PathMapping.ToDto(Report with { Relay = Mesh, Reason = PathReason.Doubted, TrustLeft = null });
        Assert.Equal(("both", "doubted", "mesh"), (dto.Path, dto.Reason, dto.Relay!.Code));
        Assert.Null(dto.TrustLeft);
    }

    [Fact]
    public void Without_a_direct_path_it_is_the_relay_or_nothing()
    {
        PathReport relayed = Report with { Direct = null, TrustLeft = null, Relay = Mesh, Reason = PathReason.Relay, Candidates = [] };
        Assert.Equal("relay", PathMapping.ToDto(relayed).Path);
        Assert.Equal("-", PathMapping.ToDto(relayed with { Relay = null, Reason = PathReason.None }).Path);
    }

    [Theory]
    [InlineData(0, false, "stale")]
    [InlineData(0, true, "worse")]
    [InlineData(90, true, "close")]
    public void A_candidate_that_answered_once_is_judged_by_its_points_and_its_silence(int nearness, bool answers, string verdict)
    {
        PathCandidate other = new(Near) { PingedAgo = TimeSpan.Zero, AnsweredAgo = TimeSpan.FromSeconds(9), IsSilent = !answers, Nearness = nearness, Speed = 0 };
        Assert.Equal(verdict, PathMapping.ToDto(Report with { Candidates = [Report.Candidates[0], other] }).Candidates[1].Verdict);
    }

    [Fact]
    public void Every_reason_has_a_word_of_its_own()
    {
        string[] words = [.. Enum.GetValues<PathReason>().Select(static reason => PathMapping.ToDto(Report with { Reason = reason }).Reason)];
        Assert.Equal(words.Length, words.Distinct().Count());
    }

    [Fact]
    public void A_pong_names_the_way_it_came()
    {
        PingReply direct = new("g", IPAddress.Parse("100.64.0.3"), Far, TimeSpan.FromMilliseconds(4.0567)) { Kind = PingKind.Disco };
        PingReplyDto dto = PathMapping.ToDto(direct);
        Assert.Equal(("direct", "203.0.113.2:41641", 4.057, "disco"), (dto.Path, dto.Endpoint, dto.Milliseconds, dto.Kind));
        Assert.Null(dto.RelayRegion);
        PingReplyDto relayed = PathMapping.ToDto(direct with { Endpoint = null, Relay = "mesh", RelayRegion = 900, Kind = PingKind.Tsmp, PeerApiPort = 42 });
        Assert.Equal(("relay", null, "mesh", 900, 42), (relayed.Path, relayed.Endpoint, relayed.Relay, relayed.RelayRegion, relayed.PeerApiPort));
        Assert.Equal("local", PathMapping.ToDto(direct with { Endpoint = null, RoundTrip = TimeSpan.Zero }).Path);
    }
}
