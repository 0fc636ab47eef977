using System;
using MeshIoT.Disco;
using Xunit;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>A direct path that was cut for a while and is open again: how soon it is used again, and what the looking costs.</summary>
public sealed class ReopenedPathTests : IDisposable
{
    // 128-byte packets both ways, 200 a second: a small download.
    const int Busy = 5, Delay = 20;

    readonly VirtualNet net = new(1);
    readonly Nat wallA, wallB;
    readonly VirtualNode a, b;

    public ReopenedPathTests()
    {
        net.Relays.Start(1);
        wallA = net.AddNat(net.Internet, "203.0.113.1", NatKind.PortRestricted, Delay);
        wallB = net.AddNat(net.Internet, "203.0.113.2", NatKind.PortRestricted, Delay);
        a = new VirtualNode(net, 1, net.Insides[wallA], "192.168.1.2", Delay);
        b = new VirtualNode(net, 2, net.Insides[wallB], "192.168.1.2", Delay);
        a.Relay.SetHome(1);
        b.Relay.SetHome(1);
        net.Pass(1_000);
        a.Learn(b);
        b.Learn(a);
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }

    bool IsDirect => a.IsDirectTo(b) && b.IsDirectTo(a);

    // No datagram passes between the two any more, or again. Relays are not concerned.
    void Cut(bool isCut) => wallA.Loss = isCut ? 1 : 0;

    public static TheoryData<int> CutFor => new(1_700, 4_000, 6_000, 9_100, 14_000, 23_000, 61_000);

    [Theory]
    [MemberData(nameof(CutFor))]
    public void Under_load_it_is_used_again_within_a_second_and_a_half_however_long_it_was_cut(int cutMs)
    {
        a.Host.Talk(b, Busy);
        Assert.True(net.Pass(2_000, () => IsDirect));
        net.Pass(5_000);
        Cut(true);
        net.Pass(cutMs);
        Assert.False(IsDirect);
        Cut(false);
        long open = net.NowMs;
        a.Host.Mark();
        Assert.True(net.Pass(1_500, () => IsDirect), $"not direct after {net.NowMs - open} ms");
        TestContext.Current.TestOutputHelper?.WriteLine($"cut for {cutMs} ms, direct {net.NowMs - open} ms after");
        Assert.InRange(a.Host.GapMs, 0, 300);
    }

    [Fact]
    public void What_is_shown_of_a_path_is_at_every_moment_what_packets_are_sent_by()
    {
        a.Host.Talk(b, 50);
        int direct = 0, relayed = 0;
        for (int i = 0; i < 2_000; i++)
        {
            // Cut after 5 s, open after 15.
            Cut(i is >= 500 and < 1_500);
            net.Pass(10);
            foreach ((VirtualNode at, VirtualNode to) in new[] { (a, b), (b, a) })
            {
                if (at.CellOf(to) is { } cell)
                {
                    Assert.Equal(at.IsDirectTo(to), cell.Region == 0);
                    Assert.Equal(at.IsDirectTo(to), cell.Endpoint is not null);
                    direct += cell.Region == 0 ? 1 : 0;
                    relayed += cell.Region == 0 ? 0 : 1;
                }
            }

            if (i == 560)
            {
                Assert.True(a.CellOf(b)!.Region == 1 && b.CellOf(a)!.Region == 1, "0.6 s after the cut");
            }
        }

        Assert.InRange(direct, 800, 2_200);
        Assert.InRange(relayed, 1_800, 3_200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_there_is_no_direct_path_the_looking_costs_a_small_part_of_what_the_relay_carries(bool lowData)
    {
        DiscoPace pace = lowData ? DiscoPace.LowData : DiscoPace.Default;
        Nat hardC = net.AddNat(net.Internet, "203.0.113.3", NatKind.Symmetric, Delay), hardD = net.AddNat(net.Internet, "203.0.113.4", NatKind.Symmetric, Delay);
        using VirtualNode c = new(net, 3, net.Insides[hardC], "192.168.1.2", Delay, pace: pace), d = new(net, 4, net.Insides[hardD], "192.168.1.2", Delay, pace: pace);
        c.Relay.SetHome(1);
        d.Relay.SetHome(1);
        net.Pass(1_000);
        c.Learn(d);
        d.Learn(c);
        c.Host.Talk(d, Busy);
        net.Pass(60_000);
        (long looking, long carried) = (c.Udp.SentBytes, c.Relay.SentBytes);
        net.Pass(60_000);
        looking = c.Udp.SentBytes - looking;
        carried = c.Relay.SentBytes - carried;
        TestContext.Current.TestOutputHelper?.WriteLine($"{looking} bytes of pings and pongs beside {carried} by relay in a minute");
        Assert.InRange(looking, 1, carried / (lowData ? 100 : 25));

        // A few packets now and then buy nothing: the search stays tired.
        c.Host.Talk(d, 2_000);
        net.Pass(60_000);
        looking = c.Engine.Disco!.PingsSent;
        net.Pass(60_000);
        looking = c.Engine.Disco!.PingsSent - looking;
        TestContext.Current.TestOutputHelper?.WriteLine($"{looking} pings in a minute of little traffic");
        Assert.InRange(looking, 0, 40);
    }
}
