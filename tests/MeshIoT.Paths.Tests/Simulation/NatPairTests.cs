using System;
using System.Collections.Generic;
using MeshIoT.Paths.Tests.Simulation;
using Xunit;

namespace MeshIoT.Paths.Tests;

/// <summary>Two nodes behind every pair of NATs, with a relay between them: the first byte at once, the direct path where there is one.</summary>
public sealed class NatPairTests
{
    // One way to the relay or the other side's router: 20 ms each.
    const int Delay = 20;

    public static TheoryData<string, string> Pairs()
    {
        TheoryData<string, string> pairs = [];
        string[] kinds = [.. Enum.GetNames<NatKind>(), "None"];
        foreach (string a in kinds)
        {
            foreach (string b in kinds)
            {
                pairs.Add(a, b);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_first_answer_comes_at_once_and_the_path_is_direct_within_a_second_where_the_routers_allow_it(string one, string other)
    {
        VirtualNet net = new(1);
        net.Relays.Start(1);
        using VirtualNode a = Put(net, 1, one), b = Put(net, 2, other);
        a.Relay.SetHome(1);
        b.Relay.SetHome(1);
        net.Pass(1_000);
        a.Learn(b);
        b.Learn(a);
        net.Pass(10);
        long began = net.NowMs;
        a.Host.Talk(b, 100);
        Assert.True(net.Pass(1_000, () => a.Host.Answers > 0), "no answer");

        // Handshake and question, each a round trip over the relay, and one more of slack.
        Assert.InRange(net.NowMs - began, 0, 3 * 4 * Delay);
        bool direct = net.Pass(1_000, () => a.IsDirectTo(b) && b.IsDirectTo(a));
        Assert.Equal(CanMeet(one, other), direct);
        net.Pass(20_000);
        Assert.Equal(CanMeet(one, other), a.IsDirectTo(b) && b.IsDirectTo(a));
        a.Host.Mark();
        net.Pass(10_000);
        Assert.InRange(a.Host.GapMs, 0, 300);
    }

    static VirtualNode Put(VirtualNet net, int number, string kind)
    {
        if (kind == "None")
        {
            return new VirtualNode(net, number, net.Internet, $"203.0.113.{number}", Delay);
        }

        Nat nat = net.AddNat(net.Internet, $"203.0.113.{number}", Enum.Parse<NatKind>(kind), Delay);
        return new VirtualNode(net, number, net.Insides[nat], "192.168.1.2", Delay);
    }

    /// <summary>Whether two kinds of routers let a direct path come about at all.</summary>
    internal static bool CanMeet(string one, string other)
    {
        HashSet<string> both = [one, other];
        return !both.Contains(nameof(NatKind.Blocked))
            && !(both.Contains(nameof(NatKind.Symmetric)) && (both.Count == 1 || both.Contains(nameof(NatKind.PortRestricted))));
    }
}
