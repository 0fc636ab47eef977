using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using MeshIoT.Stun;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>STUN beside the relay: nodes are answered, others are not.</summary>
public class StunTests
{
    static byte[] Question(byte mark)
    {
        byte[] question = new byte[StunRequest.Size];
        StunRequest.Write(question, StunTransaction.Read([mark, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
        return question;
    }

    [Fact]
    public async Task A_node_learns_where_it_is_seen_and_others_hear_nothing()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using UdpClient client = new(new IPEndPoint(IPAddress.Loopback, 0));
        client.Client.ReceiveTimeout = 60_000;
        client.Connect(new IPEndPoint(IPAddress.Loopback, relay.Server.StunPort!.Value));
        byte[] broken = Question(2);
        broken[30] ^= 1;
        client.Send(broken);
        client.Send(new byte[40]);
        client.Send(Question(1));
        IPEndPoint? from = null;
        byte[] answer = client.Receive(ref from);
        Assert.Equal((0x0101, (byte)1), ((answer[0] << 8) | answer[1], answer[8]));
        int port = ((answer[26] << 8) | answer[27]) ^ 0x2112;
        Assert.Equal(((IPEndPoint)client.Client.LocalEndPoint!).Port, port);
        Assert.Equal((1, 2), (relay.Figure("stun_answered_total"), relay.Figure("stun_ignored_total")));
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("0.0.0.0", "127.81.0.2")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("::", "127.81.0.2")]
    [InlineData("::", "::1")]
    public async Task An_answer_leaves_from_the_address_that_was_asked(string listens, string asked)
    {
        IPAddress address = IPAddress.Parse(asked);
        Assert.SkipUnless(Socket.OSSupportsIPv6 || address.AddressFamily == AddressFamily.InterNetwork, "this kernel has no IPv6");
        await using TestRelay relay = await TestRelay.StartAsync(change: o => o with { Stun = new IPEndPoint(IPAddress.Parse(listens), 0) });
        using UdpClient client = new(new IPEndPoint(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0));
        client.Client.ReceiveTimeout = 60_000;
        client.Send(Question(1), StunRequest.Size, new IPEndPoint(address, relay.Server.StunPort!.Value));
        IPEndPoint? from = null;
        byte[] answer = client.Receive(ref from);
        Assert.Equal((byte)1, answer[8]);
        Assert.Equal(new IPEndPoint(address, relay.Server.StunPort!.Value), from);
    }

    [Fact]
    public async Task There_are_only_so_many_answers_a_second()
    {
        await using TestRelay relay = await TestRelay.StartAsync(new RelayLimits { StunPerSecond = 50 });
        using UdpClient client = new(new IPEndPoint(IPAddress.Loopback, 0));
        client.Connect(new IPEndPoint(IPAddress.Loopback, relay.Server.StunPort!.Value));
        for (byte i = 0; i < 20; i++)
        {
            client.Send(Question(i));
        }

        await TestRelay.UntilAsync(() => relay.Figure("stun_answered_total") + relay.Figure("stun_limited_total") == 20, "all are read");
        Assert.Equal(5, relay.Figure("stun_answered_total"));
    }
}
