using MeshIoT.Linux.Watch;
using Xunit;

namespace MeshIoT.Linux.Tests;

/// <summary>How many notices become how many events.</summary>
public class WatchPaceTests
{
    [Fact]
    public void What_comes_together_is_one_event_after_a_quiet_moment()
    {
        Debounce debounce = new(250, 1000);
        Assert.Equal(long.MaxValue, debounce.DueMs);
        debounce.Note(1000);
        debounce.Note(1100);
        Assert.Equal(1350, debounce.DueMs);
        Assert.False(debounce.TryTake(1349));
        Assert.True(debounce.TryTake(1350));
        Assert.False(debounce.TryTake(5000));
    }

    [Fact]
    public void What_never_stops_is_an_event_a_second()
    {
        Debounce debounce = new(250, 1000);
        int events = 0;
        for (long now = 0; now < 10_000; now += 50)
        {
            debounce.Note(now);
            events += debounce.TryTake(now) ? 1 : 0;
        }

        Assert.InRange(events, 9, 10);
    }

    [Fact]
    public void Ten_in_five_seconds_and_no_more()
    {
        Allowance allowance = new(10, 5000);
        int taken = 0;
        for (long now = 1_000_000; now < 1_020_000; now += 100)
        {
            taken += allowance.TryTake(now) ? 1 : 0;
        }

        Assert.Equal(40, taken);
        Assert.True(allowance.FreeAtMs <= 1_021_000);
    }
}
