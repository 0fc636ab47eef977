using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The line in front of the handshake.</summary>
public class HandshakeLineTests
{
    static readonly IPAddress A = IPAddress.Parse("192.0.2.1"), B = IPAddress.Parse("192.0.2.2");

    static HandshakeLine Create(CoordinatorLimits limits) => new(limits with { HandshakesAtOnce = 1 }, TimeProvider.System);

    static async Task<HandshakeLine.Turn> Soon(Task<HandshakeLine.Turn> entering) => await entering.WaitAsync(TimeSpan.FromSeconds(20));

    [Fact]
    public async Task One_address_that_sends_many_does_not_push_another_back()
    {
        HandshakeLine line = Create(new CoordinatorLimits());
        HandshakeLine.Turn first = await Soon(line.EnterAsync(A, default));
        List<Task<HandshakeLine.Turn>> many = [.. Enumerable.Range(0, 50).Select(_ => line.EnterAsync(A, default))];
        Task<HandshakeLine.Turn> one = line.EnterAsync(B, default);
        Assert.DoesNotContain(many, m => m.IsCompleted);
        first.Dispose();
        using (HandshakeLine.Turn second = await Soon(many[0]))
        {
            Assert.True(second.IsGranted);
            Assert.False(one.IsCompleted);
        }

        using (HandshakeLine.Turn third = await Soon(one))
        {
            Assert.True(third.IsGranted);
            Assert.False(many[1].IsCompleted);
        }

        foreach (Task<HandshakeLine.Turn> next in many.Skip(1))
        {
            (await Soon(next)).Dispose();
        }

        using HandshakeLine.Turn last = await Soon(line.EnterAsync(A, default));
        Assert.True(last.IsGranted);
    }

    [Fact]
    public async Task Too_many_too_long_and_gone_are_not_granted_and_leave_the_line_in_order()
    {
        HandshakeLine line = Create(new CoordinatorLimits { MaxWaitingHandshakes = 3, HandshakePatience = TimeSpan.FromMilliseconds(50) });
        using CancellationTokenSource gone = new();
        HandshakeLine.Turn first = await Soon(line.EnterAsync(A, default));
        Task<HandshakeLine.Turn> late = line.EnterAsync(A, default), left = line.EnterAsync(B, gone.Token);
        await gone.CancelAsync();
        Assert.False((await Soon(left)).IsGranted);
        Assert.False((await Soon(late)).IsGranted);

        // Their places in line are still there until their turn comes: the bound holds for them too.
        Task<HandshakeLine.Turn> third = line.EnterAsync(A, default);
        Assert.False((await Soon(line.EnterAsync(A, default))).IsGranted);
        Assert.False((await Soon(third)).IsGranted);
        first.Dispose();
        using HandshakeLine.Turn free = await Soon(line.EnterAsync(B, default));
        Assert.True(free.IsGranted);
    }

    [Fact]
    public async Task Above_the_rate_nobody_waits_and_everybody_is_told_a_time_of_his_own()
    {
        HandshakeLine line = Create(new CoordinatorLimits { HandshakeBurst = 2, HandshakesPerSecond = 0, RetryAfter = (2, 8) });
        (await Soon(line.EnterAsync(A, default))).Dispose();
        (await Soon(line.EnterAsync(A, default))).Dispose();
        Assert.False((await Soon(line.EnterAsync(A, default))).IsGranted);
        int[] times = [.. Enumerable.Range(0, 200).Select(_ => line.RetryAfterSeconds())];
        Assert.Equal((2, 8), (times.Min(), times.Max()));
    }
}
