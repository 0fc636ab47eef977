using System;
using System.Collections.Generic;
using MeshIoT.Disco;
using Xunit;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>
/// What a node's links cost in a day in which next to nothing happens: ten peers, each of which asks for one reading an hour, or every two
/// hours where data is dear. Counted at the
/// node's sockets, sent and received; the parts that no engine sends are added as their protocols have them.
/// </summary>
public sealed class IdleBudgetTests
{
    const int Peers = 10, Hour = 3_600_000;

    // A relay's keepalive is 5 bytes in a TLS record of 22 more, each minute; the coordinator's is a frame of 40 in Noise, HTTP/2 and TLS.
    const long DayOfKeepalives = 1440 * (5 + 22) + (1440 * 100);

    // A request of 40 bytes and an answer of 32, four of each when there is an uplink to look at.
    const long StunCheck = 4 * (40 + 32);

    [Theory]
    [InlineData(false, 1, 5_000_000)]
    [InlineData(true, 2, 1_000_000)]
    public void A_day_of_ten_peers_that_ask_now_and_then_stays_within_its_budget(bool lowData, int everyHours, long budget)
    {
        VirtualNet net = new(1);
        net.Relays.Start(1);
        DiscoPace pace = lowData ? DiscoPace.LowData : DiscoPace.Default;
        Nat home = net.AddNat(net.Internet, "203.0.113.99", NatKind.PortRestricted, 20);
        using VirtualNode node = new(net, 100, net.Insides[home], "192.168.1.2", 20, pace: pace) { LooksUpByItself = false };
        node.Relay.SetHome(1);
        List<VirtualNode> peers = [];
        for (int i = 1; i <= Peers; i++)
        {
            Nat nat = net.AddNat(net.Internet, $"203.0.113.{i}", i % 3 == 0 ? NatKind.Symmetric : NatKind.PortRestricted, 20);
            VirtualNode peer = new(net, i, net.Insides[nat], "192.168.1.2", 20, pace: pace) { LooksUpByItself = false };
            peer.Relay.SetHome(1);
            peers.Add(peer);
        }

        net.Pass(1_000);
        foreach (VirtualNode peer in peers)
        {
            peer.Learn(node);
            node.Learn(peer);
        }

        long wakes = 0;
        for (int hour = 0; hour < 24; hour += everyHours)
        {
            foreach (VirtualNode peer in peers)
            {
                long answers = peer.Host.Answers;
                peer.Host.Talk(node, 10 * Hour);
                Assert.True(net.Pass(30_000, () => peer.Host.Answers > answers), $"no answer to {peer.Number} in hour {hour}");
                net.Pass((everyHours * Hour / Peers) - 30_000);
                wakes++;
            }
        }

        long direct = node.Udp.SentBytes + node.Udp.ReceivedBytes, relayed = node.Relay.SentBytes + node.Relay.ReceivedBytes;
        long stun = node.Endpoints.LookUps * StunCheck;
        long all = direct + relayed + stun + DayOfKeepalives;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{(lowData ? "low-data" : "default")}: {all / 1000} kB a day: {direct / 1000} direct, {relayed / 1000} by relay, {stun / 1000} STUN, {DayOfKeepalives / 1000} keepalives; {wakes} conversations");
        Assert.InRange(all, 1, budget);
        peers.ForEach(static peer => peer.Dispose());
    }

    [Fact]
    public void A_day_in_which_nobody_says_anything_costs_keepalives_alone()
    {
        VirtualNet net = new(1);
        net.Relays.Start(1);
        using VirtualNode a = new(net, 1, net.Internet, "203.0.113.1", 20) { LooksUpByItself = false };
        using VirtualNode b = new(net, 2, net.Internet, "203.0.113.2", 20) { LooksUpByItself = false };
        a.Relay.SetHome(1);
        net.Pass(1_000);
        a.Learn(b);
        net.Pass(24 * Hour);
        Assert.Equal(0, a.Udp.SentBytes + a.Udp.ReceivedBytes + a.Relay.SentBytes + a.Relay.ReceivedBytes);
    }
}
