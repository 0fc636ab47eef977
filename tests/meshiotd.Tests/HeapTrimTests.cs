using System;
using MeshIoT.Agent;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Agent.Tests;

/// <summary>When the heap is given back: after what was large has come, at most once a minute, and never again while it stays small.</summary>
public sealed class HeapTrimTests : IDisposable
{
    const long MiB = 1 << 20;

    readonly ManualTime time = new();
    readonly HeapTrim trim;
    long used = 60 * MiB, afterwards = 12 * MiB;
    int collections;

    public HeapTrimTests() => trim = new HeapTrim(time, () => used, () =>
    {
        collections++;
        used = Math.Min(used, afterwards);
    });

    public void Dispose() => trim.Dispose();

    void Advance(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void What_is_large_is_given_back_when_it_has_settled()
    {
        trim.Look();
        Advance(9);
        Assert.Equal(0, collections);
        Advance(1);
        Assert.Equal(1, collections);
    }

    [Fact]
    public void Where_there_was_much_it_looks_again_until_there_is_little()
    {
        trim.Look();
        Advance(10);
        used = 20 * MiB;
        Advance(59);
        Assert.Equal(1, collections);
        Advance(1);
        Assert.Equal(2, collections); // 8 MiB less
        used = (12 * MiB) + (MiB / 2);
        Advance(60);
        Assert.Equal(3, collections); // 0.5 MiB less: enough
        Advance(3600);
        Assert.Equal(3, collections);
    }

    [Fact]
    public void Changes_that_cost_little_cost_no_collection()
    {
        trim.Look();
        Advance(200);
        int before = collections;
        for (int i = 0; i < 1000; i++)
        {
            used = afterwards + (MiB / 2);
            trim.Look();
            Advance(5);
        }

        Assert.Equal(before, collections);
    }

    [Fact]
    public void However_often_the_node_changes_it_works_once_a_minute()
    {
        for (int i = 0; i < 600; i++)
        {
            used = 60 * MiB;
            trim.Look();
            Advance(1);
        }

        Assert.InRange(collections, 9, 11);
    }

    [Fact]
    public void Once_ended_it_does_nothing()
    {
        trim.Look();
        trim.Dispose();
        Advance(3600);
        trim.Look();
        Advance(3600);
        Assert.Equal(0, collections);
    }
}
