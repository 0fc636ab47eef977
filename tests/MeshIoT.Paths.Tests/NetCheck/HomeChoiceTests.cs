using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Paths.NetCheck;
using Xunit;
using static MeshIoT.Paths.Tests.NetCheck.Places;

namespace MeshIoT.Paths.Tests.NetCheck;

/// <summary>Sequences of reports and the home they lead to. data-plane.md section 3.2.</summary>
public class HomeChoiceTests
{
    static TimeSpan Seconds(double s) => TimeSpan.FromSeconds(1000 + s);

    /// <summary>A node whose reports come one after the other; it moves where it is told to.</summary>
    sealed class Walk(ProbeMap map)
    {
        readonly HomeChoice homes = new();

        public int Home { get; set; }

        public bool Connected { get; set; } = true;

        public Dictionary<int, TimeSpan> Heard { get; } = [];

        public HashSet<int> Down { get; } = [];

        public int Remembered => homes.Remembered;

        public int At(double seconds, params (int, double)[] measured)
        {
            TimeSpan now = Seconds(seconds);
            HomeContext context = new()
            {
                Current = Home, CoordinatorConnected = Connected, Seed = 7, IsDown = Down.Contains,
                LastHeard = region => Heard.TryGetValue(region, out TimeSpan at) ? at : null,
            };
            return Home = homes.Choose(map, Report(measured), now - TimeSpan.FromMilliseconds(100), now, context);
        }
    }

    [Fact]
    public void The_nearest_region_is_the_first_home() => Assert.Equal(1, new Walk(Map(1, 2)).At(0, (1, 20), (2, 30)));

    [Fact]
    public void The_best_of_the_last_minutes_counts_not_the_last_measurement()
    {
        Walk walk = new(Map(1, 2));
        walk.At(0, (1, 20), (2, 300));
        Assert.Equal(1, walk.At(1, (1, 400), (2, 300)));
        Assert.Equal(2, walk.Remembered);
    }

    [Fact]
    public void A_home_that_is_gone_is_left_and_taken_again_when_it_is_back()
    {
        Walk walk = new(Map(1, 2));
        walk.At(0, (1, 20), (2, 300));
        Assert.Equal(2, walk.At(20, (2, 300)));
        Assert.Equal(1, walk.At(40, (1, 20), (2, 300)));
    }

    [Fact]
    public void Reports_older_than_five_minutes_and_five_seconds_do_not_count()
    {
        Walk walk = new(Map(1, 2, 3));
        walk.At(0, (1, 100), (2, 200));
        walk.At(1, (1, 100), (2, 200));
        Assert.Equal(3, walk.At(600, (3, 300)));
        Assert.Equal(1, walk.Remembered);
    }

    [Theory]
    [InlineData(400, 500, 300, 1)] // a quarter faster: not enough
    [InlineData(400, 500, 100, 2)] // four times as fast
    [InlineData(4, 5, 1, 1)] // four times as fast, but by 3 ms
    [InlineData(34, 35, 23, 1)] // 11 ms less, yet more than two thirds
    [InlineData(34, 35, 22, 2)] // 12 ms less, and less than two thirds
    [InlineData(30, 35, 20.1, 1)] // 9.9 ms
    [InlineData(30, 35, 20, 2)] // exactly 10 ms, and exactly two thirds
    public void A_home_that_answers_is_left_only_for_one_that_is_clearly_better(double old, double otherBefore, double other, int expected)
    {
        Walk walk = new(Map(1, 2));
        walk.At(0, (1, old), (2, otherBefore));
        Assert.Equal(expected, walk.At(1, (1, old), (2, other)));
    }

    [Theory]
    [InlineData(10, 8, 2.0 / 3, 1)] // preferred, and not much further
    [InlineData(100, 10, 2.0 / 3, 2)] // preferred, but ten times as far
    [InlineData(40, 50, 0.0, 1)]
    [InlineData(40, 50, -1.0, 1)]
    [InlineData(40, 50, double.NaN, 1)]
    [InlineData(40, 50, double.PositiveInfinity, 1)]
    public void The_coordinator_may_weigh_a_region(double one, double two, double score, int expected)
    {
        ProbeMap map = new([Region(1) with { Score = score }, Region(2)]);
        Assert.Equal(expected, new Walk(map).At(0, (1, one), (2, two)));
    }

    [Theory]
    [InlineData(4, 1)] // a frame four seconds ago
    [InlineData(7.9, 1)]
    [InlineData(8.1, 2)]
    public void A_home_that_STUN_does_not_find_stays_while_its_relay_sends(double secondsAgo, int expected)
    {
        Walk walk = new(Map(1, 2));
        walk.At(0, (1, 200), (2, 300));
        walk.Heard[1] = Seconds(20 - secondsAgo);
        Assert.Equal(expected, walk.At(20, (2, 300)));
    }

    [Fact]
    public void A_frame_during_the_check_counts_as_well()
    {
        Walk walk = new(Map(1, 2));
        walk.At(0, (1, 200), (2, 300));
        walk.Heard[1] = Seconds(20) - TimeSpan.FromMilliseconds(50);
        Assert.Equal(1, walk.At(20, (2, 10)));
    }

    [Fact]
    public void A_relay_that_refuses_is_no_home_however_near_its_STUN_server_is()
    {
        Walk walk = new(Map(1, 2));
        walk.At(0, (1, 20), (2, 300));
        walk.Heard[1] = Seconds(19);
        walk.Down.Add(1);
        Assert.Equal(2, walk.At(20, (1, 20), (2, 300)));
        walk.Down.Add(2);
        Assert.Equal(1, walk.At(40, (1, 20), (2, 300)));
    }

    [Fact]
    public void With_no_measurement_the_home_stays()
    {
        Walk walk = new(Map(1, 2));
        walk.At(0, (1, 20), (2, 30));
        Assert.Equal(1, walk.At(30));
        Assert.Equal(1, walk.At(3000));
        walk.Down.Add(1);
        Assert.Equal(2, walk.At(3001));
        walk.Down.Add(2);
        Assert.Equal(2, walk.At(3002));
    }

    [Fact]
    public void Without_measurement_and_home_the_choice_is_arbitrary_stable_and_spread()
    {
        static int Pick(ulong seed, ProbeMap map) => new HomeChoice().Choose(map, Report(), default, default, new HomeContext { Seed = seed });
        ProbeMap map = Map(1, 2, 3, 4);
        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(Pick((ulong)seed, map), Pick((ulong)seed, map)));
        var counts = Enumerable.Range(0, 4000).GroupBy(seed => Pick((ulong)seed, map)).ToDictionary(static g => g.Key, static g => g.Count());
        Assert.All(new[] { 1, 2, 3, 4 }, region => Assert.InRange(counts[region], 850, 1150));

        // Taking a region away moves only its own nodes.
        ProbeMap less = Map(1, 2, 3);
        Assert.All(Enumerable.Range(0, 500).Where(seed => Pick((ulong)seed, map) != 4), seed => Assert.Equal(Pick((ulong)seed, map), Pick((ulong)seed, less)));
    }

    [Fact]
    public void Without_a_coordinator_to_tell_the_home_stays_but_a_first_one_is_chosen()
    {
        Walk walk = new(Map(1, 2)) { Connected = false };
        Assert.Equal(1, walk.At(0, (1, 20), (2, 300)));
        Assert.Equal(1, walk.At(20, (2, 10)));
        walk.Connected = true;
        Assert.Equal(2, walk.At(40, (2, 10)));
    }

    [Fact]
    public void Regions_that_may_not_be_home_are_not()
    {
        ProbeMap map = new([Region(1) with { NoMeasureNoHome = true }, Region(2) with { HasRelay = false }, Region(3) with { Avoid = true }, Region(4)]);
        Assert.Equal(4, new Walk(map).At(0, (1, 1), (2, 2), (3, 3), (4, 400)));
        Assert.Equal(3, new Walk(map) { Home = 3 }.At(0, (1, 1), (2, 2), (3, 3), (4, 400)));
        Assert.Equal(4, new Walk(map) { Home = 1 }.At(0));
        Assert.Equal(4, new Walk(map).At(0));
        Assert.Equal(0, new Walk(new ProbeMap([Region(1) with { NoMeasureNoHome = true }])).At(0, (1, 1)));
        Assert.Equal(0, new Walk(ProbeMap.Empty).At(0, (1, 1)));
    }

    [Fact]
    public void A_home_that_is_not_in_the_map_any_more_is_left_even_without_a_coordinator()
    {
        Walk walk = new(Map(2, 3)) { Home = 1, Connected = false };
        Assert.Equal(3, walk.At(0, (2, 30), (3, 20)));
    }

    [Fact]
    public void Equal_regions_do_not_take_turns()
    {
        Walk walk = new(Map(1, 2, 3));
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(1, walk.At(i * 20, (3, 20), (2, 20), (1, 20)));
        }
    }

    [Fact]
    public void However_many_reports_come_few_are_remembered()
    {
        Walk walk = new(Map(1));
        for (int i = 0; i < 1000; i++)
        {
            walk.At(i / 100.0, (1, 20));
        }

        Assert.InRange(walk.Remembered, 1, 64);
    }

    [Fact]
    public void A_wavering_network_does_not_make_a_node_wander()
    {
        Random random = new(5);
        Walk walk = new(Map(1, 2, 3));
        int moves = 0, home = walk.At(0, (1, 30), (2, 32), (3, 34));
        for (int i = 1; i < 5000; i++)
        {
            int next = walk.At(i * 23, (1, 30 + (random.NextDouble() * 60)), (2, 32 + (random.NextDouble() * 60)), (3, 34 + (random.NextDouble() * 60)));
            moves += next == home ? 0 : 1;
            home = next;
        }

        Assert.True(moves < 500, $"{moves} moves in 5000 checks; to follow each measurement would be 3300");
    }
}
