using System;
using System.Linq;
using MeshIoT.Paths.NetCheck;
using MeshIoT.Stun;
using Xunit;
using static MeshIoT.Paths.Tests.NetCheck.Places;

namespace MeshIoT.Paths.Tests.NetCheck;

/// <summary>A STUN server that lies, floods or guesses: no harm, and the honest ones are still heard.</summary>
public class LyingServerTests
{
    static readonly NetCheckOptions Options = new()
    {
        HaveV6 = false,
        OwnAddresses = [Address("192.168.1.5")],
        TunnelAddresses = [Address("100.64.0.9")],
    };

    internal static byte[] Answer(StunTransaction transaction, byte[] seen)
    {
        byte[] answer = new byte[StunResponse.MaxSize];
        return answer[..StunResponse.Write(answer, transaction, seen)];
    }

    static NetCheckReport Check(VirtualServers world, ProbeMap map, Action<NetCheckRun>? meanwhile = null) =>
        world.Run(new NetChecker(new SeededRandom(3)).Begin(map, 0, Options, world.Now), meanwhile);

    static VirtualServers Liar(string claim, string server = "198.51.100.1:3478") =>
        new VirtualServers().Add(server, 10, (_, _, transaction) => Answer(transaction, Endpoint(claim)));

    [Theory]
    [InlineData("127.0.0.1:41641")]
    [InlineData("127.3.3.40:1")]
    [InlineData("0.0.0.0:41641")]
    [InlineData("0.1.2.3:41641")]
    [InlineData("224.0.0.1:41641")]
    [InlineData("255.255.255.255:41641")]
    [InlineData("169.254.169.254:80")]
    [InlineData("203.0.113.7:0")]
    [InlineData("10.0.0.1:41641")]
    [InlineData("192.168.1.1:53")]
    [InlineData("172.16.0.1:41641")]
    [InlineData("100.64.0.9:41641")]
    [InlineData("[::1]:41641")]
    [InlineData("[2001:db8::7]:41641")]
    [InlineData("[fe80::1]:41641")]
    [InlineData("[ff02::1]:41641")]
    [InlineData("[fd00::1]:41641")]
    public void An_address_that_cannot_be_true_is_told_to_nobody(string claim)
    {
        NetCheckReport report = Check(Liar(claim), Map(1));
        Assert.True(report.Udp);
        Assert.Empty(report.GlobalV4);
        Assert.Empty(report.GlobalV6);
        Assert.Equal(1, report.IgnoredResponses);
    }

    [Theory]
    [InlineData("192.168.1.5:41641", "198.51.100.1:3478")] // nothing translates between us
    [InlineData("10.9.9.9:5000", "10.0.0.2:3478")] // a relay of a private network
    [InlineData("127.0.0.1:41641", "127.0.0.1:3478")]
    [InlineData("100.64.7.7:5000", "100.127.0.1:3478")] // within a carrier's network
    [InlineData("203.0.113.7:5000", "10.0.0.2:3478")]
    public void One_that_can_be_true_is_taken(string claim, string server)
    {
        ProbeMap map = new([Region(1) with { Nodes = [new ProbeNode(Endpoint(server), null)] }]);
        Assert.Equal([claim], Check(Liar(claim, server), map).GlobalV4.Select(static e => e.ToString()));
    }

    [Theory]
    [InlineData("[2001:db8::7]:41641", "[2001:db8::1]:3478", true)]
    [InlineData("[fd00::7]:41641", "[2001:db8::1]:3478", false)]
    [InlineData("[fd00::7]:41641", "[fd00::1]:3478", true)]
    [InlineData("[::1]:41641", "[::1]:3478", true)]
    [InlineData("[::1]:41641", "[fd00::1]:3478", false)]
    [InlineData("[::]:41641", "[::1]:3478", false)]
    [InlineData("[fe80::7]:41641", "[fe80::1]:3478", false)]
    [InlineData("[ff02::7]:41641", "[2001:db8::1]:3478", false)]
    [InlineData("203.0.113.7:41641", "[2001:db8::1]:3478", false)]
    public void IPv6_is_judged_likewise(string claim, string server, bool expected) =>
        Assert.Equal(expected, SeenEndpoint.IsPlausible(Endpoint(claim), Endpoint(server), [], []));

    [Fact]
    public void A_liar_among_honest_servers_is_outvoted()
    {
        VirtualServers world = new VirtualServers().AddRegions((2, 20), (3, 30))
            .Add("198.51.100.1:3478", 1, (_, _, transaction) => Answer(transaction, Endpoint("203.0.113.99:9")));
        NetCheckReport report = Check(world, Map(1, 2, 3));
        Assert.Equal(["203.0.113.7:41641"], report.GlobalV4.Select(static e => e.ToString()));
    }

    [Fact]
    public void A_server_that_says_something_new_each_time_has_one_voice_and_makes_no_NAT_hard()
    {
        // Two nodes of one region, the first of which answers every request with another address.
        StunAnswers answers = new();
        for (int i = 0; i < 1000; i++)
        {
            answers.Add(Endpoint("198.51.100.1:3478"), Endpoint($"203.0.113.{i % 250}:{i + 1}"));
        }

        Assert.Null(answers.Varies);
        Assert.Single(answers.Endpoints());
    }

    [Fact]
    public void Answers_that_nobody_asked_for_have_no_influence()
    {
        int guesses = 0;
        Random random = new(9);
        VirtualServers world = new VirtualServers().AddRegions((1, 200));
        NetCheckReport report = Check(world, Map(1), run =>
        {
            for (int i = 0; i < 5000; i++, guesses++)
            {
                byte[] guess = Answer(new StunTransaction((ulong)random.NextInt64(), (uint)random.Next()), Endpoint("198.51.100.66:6"));
                Assert.False(run.Receive(guess, world.Now));
            }
        });
        Assert.Equal(["203.0.113.7:41641"], report.GlobalV4.Select(static e => e.ToString()));
        Assert.Equal(guesses, report.IgnoredResponses);
    }

    [Fact]
    public void The_same_answer_counts_once()
    {
        byte[]? kept = null;
        VirtualServers world = new VirtualServers().Add("198.51.100.1:3478", 10, (_, honest, _) => kept = honest).AddRegions((2, 400));
        NetCheckReport report = Check(world, Map(1, 2), run =>
        {
            if (kept is not null && world.Now - run.StartedAt > TimeSpan.FromMilliseconds(10))
            {
                Assert.False(run.Receive(kept, world.Now));
            }
        });
        Assert.True(report is { Answers: 2, Udp: true });
    }

    [Fact]
    public void Noise_neither_throws_nor_counts()
    {
        Random random = new(11);
        VirtualServers world = new VirtualServers().Add("198.51.100.1:3478", 10, (_, honest, _) =>
        {
            byte[] bent = [.. honest];
            bent[random.Next(bent.Length)] ^= (byte)(1 << random.Next(8));
            return bent;
        });
        for (int round = 0; round < 2000; round++)
        {
            NetCheckReport report = Check(world, Map(1));
            Assert.True(report.GlobalV4.Count <= 1);
        }
    }

    [Fact]
    public void A_server_that_answers_from_yesterday_does_not_measure_time_backwards()
    {
        StunTransaction? first = null;
        VirtualServers world = new VirtualServers().Add("198.51.100.1:3478", 10, (_, honest, transaction) =>
        {
            first ??= transaction;
            return honest;
        });
        Check(world, Map(1));
        NetCheckRun later = new NetChecker(new SeededRandom(4)).Begin(Map(1), 0, Options, world.Now);
        Assert.False(later.Receive(Answer(first!.Value, Endpoint("203.0.113.1:1")), world.Now));
    }
}
