using System.Collections.Generic;
using CsCheck;
using MeshIoT.Sensors.Gpio;
using Xunit;

namespace MeshIoT.Sensors.Tests.Gpio;

/// <summary>Debounce and counting.</summary>
public class PinTrackTests
{
    [Fact]
    public void A_contact_that_bounces_is_one_pulse()
    {
        PinTrack track = new(debounce: 10);
        track.Edge(false, 0);
        long[] bounces = [100, 101, 103, 104, 107];
        for (int i = 0; i < bounces.Length; i++)
        {
            Assert.False(track.Edge(i % 2 == 0, bounces[i]));
        }

        Assert.Equal(117, track.SettlesAt);
        Assert.False(track.Look(true, 116));
        Assert.True(track.Look(true, 117));
        Assert.Equal((true, 1L, 107L, null), (track.State, track.Count, track.LastPulse, track.SettlesAt));
        Assert.False(track.Edge(false, 200));
        Assert.False(track.Edge(true, 203));
        Assert.False(track.Edge(false, 204));
        Assert.True(track.Edge(true, 300));
        Assert.Equal(1, track.Count);
    }

    [Fact]
    public void A_disturbance_shorter_than_the_debounce_is_nothing()
    {
        PinTrack track = new(debounce: 10);
        track.Edge(false, 0);
        track.Edge(true, 50);
        track.Edge(false, 59);
        track.Look(false, 1000);
        Assert.Equal((false, 0L), (track.State, track.Count));
    }

    [Fact]
    public void Without_debounce_every_edge_counts_at_once()
    {
        PinTrack track = new(debounce: 0);
        track.Edge(false, 0);
        Assert.True(track.Edge(true, 1));
        Assert.True(track.Edge(false, 1));
        Assert.True(track.Edge(true, 2));
        Assert.Equal((true, 2L), (track.State, track.Count));
    }

    [Fact]
    public void Edges_that_were_lost_are_made_up_for_by_looking()
    {
        PinTrack track = new(debounce: 10);
        track.Look(false, 0);
        Assert.False(track.Look(true, 100));
        Assert.True(track.Look(true, 110));
        Assert.Equal(1, track.Count);
    }

    // A second way to the same count: the list of levels with how long each lasted, short ones taken out.
    [Fact]
    public void Whatever_the_edges_a_pulse_is_a_level_that_lasted_after_one_that_was_not_active() =>
        Gen.Int[1, 30].List[0, 60].Sample(lengths =>
        {
            const int Debounce = 10;
            PinTrack track = new(Debounce);
            track.Edge(false, 0);
            long at = 100;
            bool level = false;
            List<bool> lasting = [false];
            foreach (int length in lengths)
            {
                level = !level;
                track.Edge(level, at);
                at += length;
                if (length >= Debounce && lasting[^1] != level)
                {
                    lasting.Add(level);
                }
            }

            // Look where the last level ends.
            track.Look(level, at);
            return track.Count == lasting.FindAll(l => l).Count && track.State == lasting[^1];
        });
}
