using System;
using System.Collections.Generic;
using CsCheck;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>One update in flight, the latest state wins, tried again until it is taken. control-plane.md section 8.</summary>
public class LiteUpdatesTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly LiteUpdates updates = new();
    DateTimeOffset now = Start;

    [Fact]
    public void Nothing_is_sent_before_there_is_something_to_tell()
    {
        Assert.True(updates.IsSettled);
        Assert.Null(updates.NextDue);
        Assert.False(updates.TryBegin(now));
        updates.Changed(now);
        Assert.Equal(now, updates.NextDue);
        Assert.True(updates.TryBegin(now));
        updates.Ended(true, now, 0.5);
        Assert.True(updates.IsSettled);
        Assert.False(updates.TryBegin(now.AddYears(1)));
    }

    [Fact]
    public void Changes_that_come_close_together_go_in_one_update()
    {
        updates.Changed(now, TimeSpan.FromSeconds(1));
        updates.Changed(now.AddSeconds(0.9), TimeSpan.FromSeconds(1));
        Assert.False(updates.TryBegin(now.AddSeconds(0.99)));
        Assert.True(updates.TryBegin(now.AddSeconds(1)));
        updates.Ended(true, now.AddSeconds(1), 0.5);
        Assert.True(updates.IsSettled);
    }

    [Fact]
    public void Only_one_is_in_flight_and_what_changed_meanwhile_follows_at_once()
    {
        updates.Changed(now);
        Assert.True(updates.TryBegin(now));
        updates.Changed(now);
        updates.Changed(now);
        Assert.False(updates.TryBegin(now));
        Assert.Null(updates.NextDue);
        updates.Ended(true, now, 0.5);
        Assert.False(updates.IsSettled);
        Assert.True(updates.TryBegin(now));
        updates.Ended(true, now, 0.5);
        Assert.True(updates.IsSettled);
    }

    [Fact]
    public void A_failure_is_tried_again_ever_more_slowly_up_to_30_s_and_a_change_does_not_hurry_it()
    {
        updates.Changed(now);
        TimeSpan longest = TimeSpan.Zero;
        for (int n = 1; n <= 100; n++)
        {
            Assert.True(updates.TryBegin(now));
            updates.Ended(false, now, 0.5);
            Assert.Equal(n, updates.Failures);
            TimeSpan wait = updates.NextDue!.Value - now;
            Assert.Equal(Math.Min(10.0 * n * n, 30_000), wait.TotalMilliseconds, 0.001);
            updates.Changed(now);
            Assert.False(updates.TryBegin(now + wait - TimeSpan.FromTicks(1)));
            now += wait;
            longest = wait > longest ? wait : longest;
        }

        Assert.Equal(TimeSpan.FromSeconds(30), longest);
        Assert.True(updates.TryBegin(now));
        updates.Ended(true, now, 0.5);
        Assert.True(updates.IsSettled);
        Assert.Equal(0, updates.Failures);
    }

    [Fact]
    public void A_coordinator_that_asks_for_more_time_gets_it()
    {
        updates.Changed(now);
        updates.TryBegin(now);
        updates.Ended(false, now, 0.5, TimeSpan.FromMinutes(3));
        Assert.Equal(now.AddMinutes(3), updates.NextDue);
    }

    /// <summary>Whatever happens in whatever order: never two at once, and when all is quiet and the coordinator well, it knows the latest state.</summary>
    [Fact]
    public void The_latest_state_arrives_in_the_end() => Gen.Int[0, 3].Array[1, 60].Sample(
        (int[] events) =>
        {
            LiteUpdates one = new();
            DateTimeOffset time = Start;
            int state = 0, known = -1;
            int? flying = null;
            void Step(bool well)
            {
                if (flying is { } value)
                {
                    known = well ? value : known;
                    flying = null;
                    one.Ended(well, time, 0.5);
                }
                else if (one.TryBegin(time))
                {
                    flying = state;
                }
            }

            one.Changed(time);
            foreach (int what in events)
            {
                switch (what)
                {
                    case 0:
                        state++;
                        one.Changed(time);
                        break;
                    case 1:
                        Step(false);
                        break;
                    case 2:
                        Step(true);
                        break;
                    default:
                        time += TimeSpan.FromMilliseconds(15);
                        break;
                }
            }

            for (int i = 0; i < 4 && !one.IsSettled; i++)
            {
                time = one.NextDue is { } due && due > time ? due : time;
                Step(true);
            }

            return one.IsSettled && known == state;
        });
}
