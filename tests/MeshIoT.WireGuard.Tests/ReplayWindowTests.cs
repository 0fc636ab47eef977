using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>A counter is accepted once, and never when it lies too far back. RFC 6479; fact sheet, section 1.5.</summary>
public class ReplayWindowTests
{
    [Fact]
    public void The_edge_of_the_default_window_is_8128_packets_back()
    {
        var window = new ReplayWindow(8128);
        Assert.True(window.Accept(10_000));
        Assert.False(window.Accept(10_000));
        Assert.True(window.Accept(10_000 - 8128));
        Assert.False(window.Accept(10_000 - 8128));
        Assert.False(window.Accept(10_000 - 8129));
    }

    [Fact]
    public void Orderly_traffic_needs_no_memory()
    {
        var window = new ReplayWindow(8128);
        Assert.All(Enumerable.Range(0, 100_000), i => Assert.True(window.Accept((ulong)i)));
        Assert.False(window.Accept(5));
        Assert.False(window.HasRing);
        Assert.True(window.Accept(100_001));
        Assert.True(window.HasRing);
        Assert.True(window.Accept(100_000));
        Assert.False(window.Accept(99_999));
    }

    [Fact]
    public void It_works_to_the_end_of_the_counter()
    {
        var window = new ReplayWindow(64);
        ulong last = ProtocolLimits.RejectAfterMessages - 1;
        Assert.True(window.Accept(last));
        Assert.True(window.Accept(last - 64));
        Assert.False(window.Accept(last - 65));
        Assert.False(window.Accept(0));
    }

    [Fact]
    public void It_agrees_with_a_set_that_forgets_nothing()
    {
        Gen<(int, long[])> cases = Gen.Select(Gen.Int[32, 8128], Gen.OneOf(Gen.Long[-40, 40], Gen.Long[-9000, 9000], Gen.Const(1L), Gen.Long[0, 70_000]).Array[1, 400]);
        cases.Sample((size, steps) =>
        {
            var window = new ReplayWindow(size);
            var seen = new HashSet<ulong>();
            ulong highest = 0;
            long at = 0;
            foreach (long step in steps)
            {
                at = Math.Max(0, at + step);
                ulong counter = (ulong)at;
                bool expected = !seen.Contains(counter) && (seen.Count == 0 || counter > highest || highest - counter <= (ulong)size);
                Assert.Equal(expected, window.Accept(counter));
                if (expected)
                {
                    seen.Add(counter);
                    highest = Math.Max(highest, counter);
                }
            }
        }, iter: 2000, seed: "0000KOIPe036");
    }
}
