using System;
using System.Net;
using Xunit;

namespace MeshIoT.Sim.Tests;

/// <summary>What is measured is what happened.</summary>
public class MeasureTests
{
    [Fact]
    public void Quantiles_are_those_of_the_times_added()
    {
        Latencies latencies = new();
        Assert.True(double.IsNaN(latencies.Quantile(0.5)));
        for (int ms = 1; ms <= 100; ms++)
        {
            latencies.Add(TimeSpan.FromMilliseconds(ms));
        }

        latencies.Add(TimeSpan.FromHours(1));
        Assert.InRange(latencies.Quantile(0.5), 0.050, 0.052);
        Assert.InRange(latencies.Quantile(0.98), 0.098, 0.100);
        Assert.InRange(latencies.Quantile(1), 60, 60.001);
    }

    [Fact]
    public void A_viewer_that_sees_a_later_change_has_seen_the_earlier_ones_of_that_node_too()
    {
        Changes changes = new(1, 4);
        changes.Plan(1, 0, 2);
        changes.Plan(2, 0, 2);
        changes.Plan(3, 1, 2);
        changes.Plan(4, 2, 2);
        for (int change = 1; change <= 3; change++)
        {
            changes.Sent(change);
        }

        Assert.Equal((6, 6), changes.Tally());
        changes.Seen(3, 0);    // the first viewer missed 1, and gets 3
        Assert.Equal((6, 4), changes.Tally());
        changes.Seen(1, 0);
        changes.Seen(3, 1);
        changes.Seen(2, 0);
        Assert.Equal((6, 1), changes.Tally());
        changes.Seen(9, 0);    // of another run
        changes.Seen(2, 0);
        Assert.Equal((6, 0), changes.Tally());
        Assert.Equal(6, changes.Latencies.Count);
    }

    [Fact]
    public void A_process_has_memory_time_and_threads()
    {
        ProcessUse use = ProcessUse.Read(Environment.ProcessId);
        Assert.InRange(use.AnonymousKib, 100, use.RssKib);
        Assert.True(use.Threads > 0);
        Assert.True(use.CpuSeconds > 0);
    }

    [Fact]
    public void Source_addresses_change_before_their_ports_run_short()
    {
        FleetOptions options = new(true, 1000, "", "");
        Assert.Equal(IPAddress.Parse("127.1.0.1"), options.SourceOf(0));
        Assert.Equal(IPAddress.Parse("127.1.0.1"), options.SourceOf(999));
        Assert.Equal(IPAddress.Parse("127.1.0.2"), options.SourceOf(1000));
        Assert.Equal(IPAddress.Parse("127.1.1.0"), options.SourceOf(255_000));
    }
}
