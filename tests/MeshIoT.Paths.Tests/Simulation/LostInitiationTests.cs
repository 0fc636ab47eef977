using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>
/// A handshake initiation that was lost because there was no way yet does not wait for WireGuard's five seconds once there is one, and ways
/// that come and go make no storm.
/// </summary>
public sealed class LostInitiationTests : IDisposable
{
    const int Delay = 20;

    readonly VirtualNet net = new(1);
    readonly List<long> initiations = [];
    readonly HashSet<string> seen = [];
    readonly Nat wallA, wallB;
    readonly VirtualNode a, b;

    public LostInitiationTests()
    {
        wallA = net.AddNat(net.Internet, "203.0.113.1", NatKind.PortRestricted, Delay);
        wallB = net.AddNat(net.Internet, "203.0.113.2", NatKind.PortRestricted, Delay);
        a = new VirtualNode(net, 1, net.Insides[wallA], "192.168.1.2", Delay);
        b = new VirtualNode(net, 2, net.Insides[wallB], "192.168.1.2", Delay);
        a.Udp.Tap = (bytes, to) => Note(bytes);
        a.Relay.Tap = Note;
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
    }

    // One initiation may leave by several ways, and wait for its relay.
    void Note(byte[] bytes)
    {
        if (bytes.Length == 148 && bytes[0] == 1 && seen.Add(Convert.ToHexString(bytes)))
        {
            initiations.Add(net.NowMs);
        }
    }

    void Introduce(bool udp, bool open = false)
    {
        wallA.Kind = wallB.Kind = open ? NatKind.FullCone : udp ? NatKind.PortRestricted : NatKind.Blocked;
        a.Relay.SetHome(1);
        net.Pass(1_000);
        a.Learn(b);
        b.Learn(a);
        net.Pass(10);
    }

    long FirstAnswerMs(long since)
    {
        Assert.True(net.Pass(20_000, () => a.Host.Answers > 0), "no answer");
        TestContext.Current.TestOutputHelper?.WriteLine($"answer after {net.NowMs - since} ms, initiations at {string.Join(", ", initiations.Select(at => at - since))}");
        return net.NowMs - since;
    }

    [Theory]
    [InlineData(200)]
    [InlineData(700)]
    [InlineData(1_400)]
    public void A_peer_that_comes_to_its_relay_after_the_initiation_is_reached_when_it_is_there(int late)
    {
        net.Relays.Start(1);
        b.Relay.Announce(1);
        Introduce(udp: false);
        long began = net.NowMs;
        a.Host.Talk(b, 100);
        net.Later(late, () => b.Relay.SetHome(1));
        Assert.InRange(FirstAnswerMs(began), late, late + 2_300);
    }

    [Fact]
    public void An_initiation_that_a_dying_relay_took_with_it_goes_again_when_the_relay_is_back()
    {
        net.Relays.Start(1);
        b.Relay.SetHome(1);
        Introduce(udp: false);
        long began = net.NowMs;
        a.Host.Talk(b, 100);
        net.Later(Delay / 2, () => net.Relays.Kill(1));
        net.Later(200, () => net.Relays.Start(1));
        Assert.InRange(FirstAnswerMs(began), 200, 2_200);
    }

    [Fact]
    public void Without_relays_it_goes_again_as_soon_as_the_path_has_answered_a_ping()
    {
        // Both routers swallow everything for the first second and a half, as while a line comes up.
        Introduce(udp: true);
        wallA.Loss = 1;
        long began = net.NowMs;
        a.Host.Talk(b, 100);
        b.Host.Talk(a, 100);
        net.Later(1_500, () => wallA.Loss = 0);
        Assert.InRange(FirstAnswerMs(began), 1_500, 4_000);
    }

    [Fact]
    public void A_relay_that_comes_and_goes_and_a_path_that_does_make_no_storm()
    {
        net.Relays.Start(1);
        b.Relay.SetHome(1);
        Introduce(udp: true);

        // Pings, pongs and calls get through now and then, answers to initiations never.
        net.Drops = static bytes => bytes.Length == 92 && bytes[0] == 2;
        a.Host.Talk(b, 50);
        long began = net.NowMs;
        for (int i = 0; i < 150; i++)
        {
            net.Later(i * 400, () => net.Relays.Kill(1));
            net.Later((i * 400) + 10, () => net.Relays.Start(1));
            net.Later((i * 400) + 50, () => a.Relay.Gone(1, b.Key.PublicKey));
            net.Later((i * 400) + 100, () => wallB.Loss = wallB.Loss == 0 ? 1 : 0);
            net.Later((i * 400) + 200, a.NetworkChanged);
        }

        net.Pass(60_000);
        long[] within = [.. initiations.Where(at => at >= began)];
        TestContext.Current.TestOutputHelper?.WriteLine($"{within.Length} initiations in a minute: {string.Join(", ", within.Select(at => at - began))}");
        Assert.InRange(within.Length, 12, 36);
        for (int i = 0; i + 1 < within.Length; i++)
        {
            Assert.True(within[i + 1] - within[i] >= 50, "the peer would take it for a flood");
            Assert.True(i + 3 >= within.Length || within[i + 3] - within[i] >= 5_000, "three at most within five seconds");
        }
    }

    [Fact]
    public void Where_all_is_well_one_initiation_is_enough()
    {
        // Initiations go by relay alone, as Tailscale's clients send them, and pings overtake them: nothing must be begun because of these.
        net.DropsDirect = static bytes => bytes.Length == 148 && bytes[0] == 1;
        net.Relays.Start(1);
        b.Relay.SetHome(1);
        a.Relay.SlowMs = b.Relay.SlowMs = 150;
        int begunByB = 0;
        b.Udp.Tap = (bytes, to) => begunByB += bytes.Length == 148 && bytes[0] == 1 ? 1 : 0;
        b.Relay.Tap = bytes => begunByB += bytes.Length == 148 && bytes[0] == 1 ? 1 : 0;
        Introduce(udp: true, open: true);
        long began = net.NowMs;
        a.Host.Talk(b, 100);
        Assert.InRange(FirstAnswerMs(began), 200, 900);
        net.Pass(4_000);
        Assert.Single(initiations, at => at >= began);
        Assert.Equal(0, begunByB);
    }
}
