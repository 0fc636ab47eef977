using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>The pieces under the connection, against simple models of themselves.</summary>
public class TcpPartsTests
{
    [Fact]
    public void Ranges_agree_with_a_set_of_numbers_also_where_they_wrap()
    {
        Random random = new(11);
        for (int round = 0; round < 200; round++)
        {
            TcpRanges ranges = new();
            HashSet<uint> model = [];
            uint origin = 0u - (uint)random.Next(600);
            uint next = origin;
            for (int i = 0; i < 40; i++)
            {
                uint start = origin + (uint)random.Next(600), end = start + (uint)random.Next(1, 30);
                if (TcpSequence.AtOrBefore(start, next))
                {
                    continue;
                }

                if (ranges.Insert(start, end))
                {
                    for (uint s = start; s != end; s++)
                    {
                        model.Add(s);
                    }
                }

                uint to = start + 50;
                Assert.Equal(model.Count(s => TcpSequence.AtOrBefore(start, s) && TcpSequence.Before(s, to)), ranges.CoveredIn(start, to));
                if (random.Next(4) == 0)
                {
                    uint reached = next + (uint)random.Next(60);
                    uint expected = reached;
                    while (model.Contains(expected))
                    {
                        expected++;
                    }

                    next = ranges.Advance(reached);
                    Assert.Equal(expected, next);
                    model.RemoveWhere(s => TcpSequence.Before(s, next));
                }
            }

            Assert.Equal(model.Count, ranges.CoveredIn(origin, origin + 1000));
        }
    }

    [Fact]
    public void A_ring_agrees_with_a_queue_and_gives_its_memory_back()
    {
        Random random = new(12);
        MemoryBudget budget = new(100_000);
        ByteRing ring = new(10_000, budget);
        Queue<byte> model = new();
        byte[] data = new byte[3000];
        for (int i = 0; i < 5000; i++)
        {
            int size = random.Next(data.Length);
            if (random.Next(2) == 0 && size <= ring.Room)
            {
                random.NextBytes(data);
                int first = random.Next(size + 1);
                Assert.Equal(size - first, ring.Place(first, data, first, size - first));
                Assert.Equal(first, ring.Place(0, data, 0, first));
                ring.Extend(size);
                data.Take(size).ToList().ForEach(model.Enqueue);
            }
            else
            {
                size = Math.Min(size, ring.Used);
                ring.Peek(0, data, 0, size);
                ring.Discard(size);
                Assert.All(data.Take(size), b => Assert.Equal(model.Dequeue(), b));
            }

            Assert.Equal(model.Count, ring.Used);
        }

        Assert.Equal(10_000, budget.Used);
        ring.Free();
        Assert.Equal(0, budget.Used);
        Assert.Equal(0, ring.Room);
    }

    [Fact]
    public void The_timeout_follows_the_formula_of_RFC_6298()
    {
        TcpRtt rtt = new();
        Assert.Equal((1000, -1), (rtt.RtoMs, rtt.SmoothedMs));
        rtt.Sample(300);
        Assert.Equal(300 + (4 * 150), rtt.RtoMs);
        rtt.Sample(300);
        Assert.Equal(300 + 450, rtt.RtoMs);
        rtt.BackOff();
        Assert.Equal(1500, rtt.RtoMs);
        for (int i = 0; i < 100; i++)
        {
            rtt.Sample(10);
        }

        Assert.InRange(rtt.RtoMs, 210, 215);
        for (int i = 0; i < 20; i++)
        {
            rtt.BackOff();
        }

        Assert.Equal(60_000, rtt.RtoMs);
    }

    [Fact]
    public void Congestion_avoidance_adds_a_segment_per_round_trip_and_a_timeout_starts_again()
    {
        TcpCongestion c = new();
        c.Start(1000, 0, false, false);
        Assert.Equal(10_000, c.Window);
        c.TimedOut(10_000, 10_000, false);
        Assert.Equal((1000, 5000), (c.Window, c.Threshold));
        uint ack = 10_000;
        while (c.Window < 5000)
        {
            c.Acknowledged(ack += 1000, 1000, 5000, true);
        }

        for (int i = 0; i < 5; i++)
        {
            c.Acknowledged(ack += 1000, 1000, 5000, true);
        }

        Assert.Equal(6000, c.Window);
        c.TimedOut(8000, ack, false);
        c.TimedOut(1000, ack, true);
        Assert.Equal(4000, c.Threshold);
    }

    [Fact]
    public void A_sender_with_little_to_send_does_not_collect_credit()
    {
        TcpCongestion c = new();
        c.Start(1000, 0, false, false);
        for (uint i = 1; i < 100; i++)
        {
            c.Acknowledged(i, 1, 0, false);
        }

        Assert.Equal(10_000, c.Window);
    }

    [Fact]
    public void A_rate_limit_allows_a_burst_and_then_the_rate()
    {
        RateLimit limit = new(10);
        Assert.Equal(10, Enumerable.Range(0, 50).Count(_ => limit.TryTake(5000)));
        Assert.Equal(10, Enumerable.Range(0, 1000).Count(i => limit.TryTake(5001 + i)));
    }
}
