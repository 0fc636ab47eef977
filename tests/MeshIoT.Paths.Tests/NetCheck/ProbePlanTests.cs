using System;
using System.Linq;
using MeshIoT.Paths.NetCheck;
using Xunit;
using static MeshIoT.Paths.Tests.NetCheck.Places;

namespace MeshIoT.Paths.Tests.NetCheck;

/// <summary>Who is asked, and when. data-plane.md section 3.2.</summary>
public class ProbePlanTests
{
    static NetCheckReport Known(params (int Region, int? V4, int? V6)[] regions) => new()
    {
        Udp = true,
        Regions = [.. regions.Select(static r => new RegionReport(r.Region, "", "") { V4 = Ms(r.V4), V6 = Ms(r.V6) })],
    };

    static TimeSpan? Ms(int? ms) => ms is { } n ? TimeSpan.FromMilliseconds(n) : null;

    [Fact]
    public void The_first_check_asks_every_region_three_times_over_both_families() =>
        Assert.Equal(["1-v4: 0 100 200", "1-v6: 0 100 200", "2-v4: 0 100 200", "2-v6: 0 100 200"], Describe(ProbePlan.Full(Map(1, 2), true, true)));

    [Fact]
    public void A_machine_without_IPv6_asks_over_IPv4_only() =>
        Assert.Equal(["1-v4: 0 100 200"], Describe(ProbePlan.Full(Map(1), true, false)));

    [Fact]
    public void A_region_that_is_not_to_be_measured_is_not()
    {
        ProbeMap map = new([Region(1) with { NoMeasureNoHome = true }, Region(2, v6: false), Region(3) with { Nodes = [] }]);
        Assert.Equal(["2-v4: 0 100 200"], Describe(ProbePlan.Full(map, true, true)));
    }

    [Fact]
    public void Attempts_go_round_the_nodes_of_a_region()
    {
        ProbeSet set = ProbePlan.Full(new ProbeMap([Region(1, nodes: 2)]), true, false).Single();
        Assert.Equal([Endpoint("198.51.100.1:3478"), Endpoint("198.51.100.1:3479"), Endpoint("198.51.100.1:3478")], set.Probes.Select(static p => p.Target));
    }

    [Fact]
    public void A_later_check_asks_home_four_times_the_fastest_two_twice_and_the_third_once()
    {
        NetCheckReport last = Known((1, 100, null), (2, 50, null), (3, 20, null), (4, 200, null), (5, 300, null));
        Assert.Equal(
            ["3-v4: 0 24", "2-v4: 0 60", "1-v4: 0 120 340 510"],
            Describe(ProbePlan.Incremental(Map(1, 2, 3, 4, 5), last, 1, true, false)));
        Assert.Equal(["3-v4: 0 24", "2-v4: 0 60", "1-v4: 0"], Describe(ProbePlan.Incremental(Map(1, 2, 3, 4, 5), last, 0, true, false)));
    }

    [Fact]
    public void Home_is_asked_however_far_it_is() =>
        Assert.Equal(
            ["1-v4: 0 12", "2-v4: 0 24", "3-v4: 0", "5-v4: 0 600 1300 1950"],
            Describe(ProbePlan.Incremental(Map(1, 2, 3, 4, 5), Known((1, 10, null), (2, 20, null), (3, 30, null), (5, 500, null)), 5, true, false)));

    [Fact]
    public void A_home_that_did_not_answer_is_asked_in_the_default_rhythm() =>
        Assert.Equal(
            ["1-v4: 0 12", "2-v4: 0 200 500 750"],
            Describe(ProbePlan.Incremental(Map(1, 2), Known((1, 10, null)), 2, true, false)));

    [Fact]
    public void With_both_families_the_third_region_is_asked_over_one_of_them() =>
        Assert.Equal(
            ["1-v4: 0 12", "1-v6: 0 12", "2-v4: 0 24", "2-v6: 0 24", "3-v4: 0"],
            Describe(ProbePlan.Incremental(Map(1, 2, 3, 4), Known((1, 10, 11), (2, 20, 21), (3, 30, 31), (4, 40, 41)), 0, true, true)));

    [Fact]
    public void Where_IPv6_never_answered_it_is_tried_once_at_the_near_ones() =>
        Assert.Equal(
            ["1-v4: 0 12 124 186", "1-v6: 0", "2-v4: 0 24", "2-v6: 0", "3-v4: 0"],
            Describe(ProbePlan.Incremental(Map(1, 2, 3), Known((1, 10, null), (2, 20, null), (3, 30, null)), 1, true, true)));

    [Fact]
    public void A_region_to_be_avoided_is_asked_only_while_it_is_home()
    {
        ProbeMap map = new([Region(1) with { Avoid = true }, Region(2)]);
        NetCheckReport last = Known((1, 10, null), (2, 20, null));
        Assert.Equal(["2-v4: 0 24"], Describe(ProbePlan.Incremental(map, last, 0, true, false)));
        Assert.StartsWith("1-v4", Describe(ProbePlan.Incremental(map, last, 1, true, false)).First());
    }

    [Fact]
    public void A_report_that_knows_nothing_is_no_reason_to_ask_less() =>
        Assert.Equal(["1-v4: 0 100 200"], Describe(ProbePlan.Incremental(Map(1), new NetCheckReport(), 1, true, false)));

    [Fact]
    public void A_map_of_any_size_makes_a_bounded_plan()
    {
        ProbeMap huge = new([.. Enumerable.Range(1, 5000).Select(static id => Region((id % 200) + 1, nodes: 20))]);
        Assert.True(ProbePlan.Full(huge, true, true).Sum(static set => set.Probes.Count) <= ProbeMap.MostRegions * 6);
    }
}
