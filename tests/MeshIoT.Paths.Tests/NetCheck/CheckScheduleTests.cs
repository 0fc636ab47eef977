using System;
using MeshIoT.Paths.NetCheck;
using Xunit;

namespace MeshIoT.Paths.Tests.NetCheck;

/// <summary>When a node looks at its network again.</summary>
public class CheckScheduleTests
{
    static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    static CheckSchedule After(double seconds, bool udp = true, bool lowData = false, int seed = 1)
    {
        CheckSchedule schedule = new(new SeededRandom(seed), lowData);
        schedule.Begun();
        schedule.Ended(S(seconds), udp);
        return schedule;
    }

    [Fact]
    public void While_packets_flow_a_check_comes_every_20_to_26_seconds()
    {
        TimeSpan least = TimeSpan.MaxValue, most = TimeSpan.Zero;
        for (int seed = 0; seed < 200; seed++)
        {
            TimeSpan due = After(100, seed: seed).NextDue(true, S(101))!.Value - S(100);
            (least, most) = (due < least ? due : least, due > most ? due : most);
        }

        Assert.InRange(least, S(20), S(20.5));
        Assert.InRange(most, S(25.5), S(26));
    }

    [Fact]
    public void A_node_that_nobody_talks_to_asks_nobody()
    {
        CheckSchedule schedule = After(100);
        Assert.Null(schedule.NextDue(true, null));
        Assert.Null(schedule.NextDue(true, S(70)));
        Assert.Null(schedule.NextDue(false, S(101)));
        Assert.NotNull(schedule.NextDue(true, S(100)));
    }

    [Fact]
    public void Where_something_is_wrong_even_an_idle_node_looks_now_and_then()
    {
        Assert.Equal(S(600), After(0).NextDue(true, null, isTroubled: true));
        Assert.Equal(S(1800), After(0, lowData: true).NextDue(true, null, isTroubled: true));
        Assert.InRange(After(100).NextDue(true, S(101), isTroubled: true)!.Value, S(120), S(126));
    }

    [Fact]
    public void The_first_packet_after_silence_is_reason_enough()
    {
        CheckSchedule schedule = After(100);
        Assert.True(schedule.NextDue(true, S(5000)) < S(5000));
    }

    [Fact]
    public void Low_data_asks_six_times_as_seldom_and_a_blocked_network_every_five_minutes()
    {
        Assert.InRange(After(0, lowData: true).NextDue(true, S(110))!.Value, S(120), S(156));
        Assert.Equal(S(300), After(0, udp: false).NextDue(true, S(299)));
    }

    [Fact]
    public void What_happened_is_looked_at_soon_but_not_at_every_blow()
    {
        CheckSchedule schedule = After(100);
        schedule.Want();
        schedule.Want();
        Assert.Equal(S(102), schedule.NextDue(false, null));
        schedule.Begun();
        schedule.Want();
        schedule.Ended(S(110), true);
        Assert.Equal(S(112), schedule.NextDue(false, null));
    }

    [Fact]
    public void Endpoints_are_fresh_for_27_seconds()
    {
        Assert.False(new CheckSchedule(new SeededRandom(1)).IsFresh(S(0)));
        Assert.True(After(100).IsFresh(S(126.9)));
        Assert.False(After(100).IsFresh(S(127)));
    }
}
