using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Linux;
using MeshIoT.Node.State;
using MeshIoT.Tailcfg;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>Somebody sets the wall clock while the node runs, or it was wrong when it was started.</summary>
public class SetClockTests
{
    static readonly DateTimeOffset The1970s = new(1970, 1, 1, 0, 1, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(3653)]
    [InlineData(-20_000)]
    public async Task A_clock_that_is_set_ten_years_ahead_or_to_1970_breaks_nothing(int days)
    {
        SettableTime time = new();
        await using TestNodes nodes = new() { Clock = time };
        nodes.Tailnet.NewMembers = (time.GetUtcNow().AddDays(100), true);
        TailnetNode gateway = await nodes.JoinAsync("gateway");
        nodes.Tailnet.NewMembers = (null, true);
        TailnetNode peer = await nodes.JoinAsync("peer");
        await peer.PingAsync("gateway", TimeSpan.FromSeconds(20), nodes.Limit);

        time.Jump = TimeSpan.FromDays(days);
        foreach (TailnetNode node in new[] { gateway, peer })
        {
            node.OnLinkChange(new LinkChange { ClockSet = true });
        }

        if (days < 0)
        {
            // A person is told of a clock that cannot be right.
            await nodes.WaitAsync(gateway, static status => status.Health.Count > 0);
        }

        await peer.PingAsync("gateway", TimeSpan.FromSeconds(20), nodes.Limit);
        Assert.Equal((BackendState.Running, BackendState.Running), (gateway.Status.BackendState, peer.Status.BackendState));

        // A node that comes anew is told to those that were there.
        TailnetNode late = await nodes.JoinAsync("late");
        await late.PingAsync("peer", TimeSpan.FromSeconds(20), nodes.Limit);
    }

    [Fact]
    public void Steady_time_goes_on_whatever_is_set()
    {
        SettableTime time = new();
        SteadyTime steady = new(time);
        DateTimeOffset start = steady.GetUtcNow();
        time.Jump = TimeSpan.FromDays(3653);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(start.AddHours(1), steady.GetUtcNow());
        time.Jump = TimeSpan.FromDays(-20_000);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(start.AddHours(2), steady.GetUtcNow());
    }

    [Fact]
    public void A_start_in_1970_ends_when_the_clock_is_set_right()
    {
        SettableTime time = new();
        DateTimeOffset right = time.GetUtcNow();
        time.Jump = The1970s - right;
        SteadyTime steady = new(time);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(The1970s.AddMinutes(1), steady.GetUtcNow());
        time.Jump = TimeSpan.Zero;
        Assert.Equal(right.AddMinutes(1), steady.GetUtcNow());
    }

    [Fact]
    public async Task A_state_that_was_saved_by_a_clock_ten_years_ahead_is_set_right_by_the_coordinator()
    {
        SettableTime time = new() { Jump = TimeSpan.FromDays(3653) };
        await using TestNodes nodes = new() { Clock = time };
        TailnetNode node = await nodes.JoinAsync("gateway");
        await node.DisposeAsync();
        time.Jump = TimeSpan.Zero;
        node = await nodes.StartAsync("gateway");
        await nodes.WaitAsync(node, static status => status.BackendState == BackendState.Running && status.CoordinatorConnected);
        string path = System.IO.Path.Combine(nodes.Directory.FullName, "gateway", "state.json");
        long tomorrow = time.GetUtcNow().AddDays(1).ToUnixTimeSeconds();
        Assert.True(StateReader.Read(path).SavedAt > tomorrow);
        nodes.Tailnet.Say(new MapResponse { ControlTime = time.GetUtcNow() });
        await nodes.EventuallyAsync(() => StateReader.Read(path).SavedAt < tomorrow);
    }

    /// <summary>A wall clock that can be set; timers and timestamps do not notice.</summary>
    sealed class SettableTime : TimeProvider
    {
        readonly ManualTime steady = new();

        public TimeSpan Jump { get; set; }

        public override long TimestampFrequency => steady.TimestampFrequency;

        public void Advance(TimeSpan by) => steady.Advance(by);

        public override DateTimeOffset GetUtcNow() => steady.GetUtcNow() + Jump;

        public override long GetTimestamp() => steady.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            steady.CreateTimer(callback, state, dueTime, period);
    }
}
