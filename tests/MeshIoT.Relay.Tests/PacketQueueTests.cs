using System;
using CsCheck;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>What waits for a slow client is bounded, and the oldest goes first.</summary>
public class PacketQueueTests
{
    [Fact]
    public void Whatever_is_put_in_and_taken_out_the_bounds_hold_and_the_order_stays()
    {
        Gen.Select(Gen.Int[0, 300], Gen.Bool).Array[1, 200].Sample(steps =>
        {
            QueueBudget budget = new(long.MaxValue);
            PacketQueue queue = new(16, 1000, budget);
            byte[] output = new byte[1000];
            int put = 0, taken = -1, dropped = 0, got = 0;
            foreach ((int length, bool take) in steps)
            {
                byte[] rest = new byte[length];
                dropped += queue.Enqueue(BitConverter.GetBytes(put++), rest, 0);
                Assert.True(queue.Count <= 16 && queue.Bytes <= 1000 && budget.Used == queue.Bytes);
                if (take)
                {
                    queue.Take(output);
                    int number = BitConverter.ToInt32(output);
                    Assert.True(number > taken);
                    (taken, got) = (number, got + 1);
                }
            }

            Assert.Equal(put, dropped + got + queue.Count);
            queue.Clear();
            Assert.Equal(0, budget.Used);
        });
    }

    [Fact]
    public void More_than_usual_waits_for_a_moment_and_no_longer()
    {
        PacketQueue queue = new(16, 1600, new QueueBudget(long.MaxValue), burst: 4);
        int dropped = 0;
        for (int i = 0; i < 80; i++)
        {
            dropped += queue.Enqueue(new byte[100], default, 1000);
        }

        Assert.Equal((64, 16), (queue.Count, dropped));
        Assert.Equal(1, queue.Enqueue(new byte[100], default, 1000 + PacketQueue.BurstMs - 1));

        // The old ones have waited long enough; those that came after them are judged by their own age.
        Assert.Equal(49, queue.Enqueue(new byte[100], default, 1000 + PacketQueue.BurstMs));
        Assert.Equal((16, 1600), (queue.Count, queue.Bytes));
    }

    [Fact]
    public void While_too_much_waits_for_all_together_queues_shrink_and_none_is_emptied()
    {
        QueueBudget budget = new(1000);
        PacketQueue one = new(64, 100_000, budget), other = new(64, 100_000, budget);
        for (int i = 0; i < 20; i++)
        {
            one.Enqueue(new byte[100], default, 0);
        }

        for (int i = 0; i < 20; i++)
        {
            other.Enqueue(new byte[100], default, 0);
            Assert.True(budget.Used <= 1100, "more waits than was allowed, and one frame");
        }

        Assert.True(one.Count >= 1 && other.Count >= 1, "each keeps something");
    }

    [Fact]
    public void A_frame_that_can_never_fit_is_dropped_and_leaves_the_others()
    {
        PacketQueue queue = new(4, 100, new QueueBudget(1000));
        queue.Enqueue(new byte[50], default, 0);
        Assert.Equal(1, queue.Enqueue(new byte[60], new byte[60], 0));
        Assert.Equal((1, 50), (queue.Count, queue.Bytes));
    }
}
