using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace MeshIoT.NetStack.Tests;

/// <summary>RFC 792, RFC 1122 section 3.2.2, RFC 4443.</summary>
public class IcmpTests
{
    readonly Probe probe = new();

    sealed class Replies : EchoObserver
    {
        public List<(byte[] From, int Identifier, int Sequence, byte[] Data)> Seen { get; } = [];

        public override void Reply(byte[] from, int identifier, int sequence, byte[] data, int offset, int length) =>
            Seen.Add(((byte[])from.Clone(), identifier, sequence, data[offset..(offset + length)]));
    }

    [Fact]
    public void An_echo_request_comes_back_with_its_data()
    {
        byte[] data = Packets.Numbered(500);
        probe.Input(Packets.Icmp(Addresses.Left4, Addresses.Right4, 8, 0, 0x12345678, data));
        probe.Input(Packets.Icmp(Addresses.Left6, Addresses.Right6, 128, 0, 0x12345678, data));
        List<byte[]> answers = probe.Take();
        Assert.Equal(Packets.Icmp(Addresses.Right4, Addresses.Left4, 0, 0, 0x12345678, data), answers[0]);
        Assert.Equal(Packets.Icmp(Addresses.Right6, Addresses.Left6, 129, 0, 0x12345678, data), answers[1]);
    }

    [Fact]
    public void A_corrupted_request_stays_without_answer()
    {
        byte[] packet = Packets.Icmp(Addresses.Left4, Addresses.Right4, 8, 0, 1, Packets.Numbered(9));
        packet[^1] ^= 1;
        probe.Input(packet);
        Assert.Empty(probe.Take());
        Assert.Equal(1, probe.Stack.DropCount(DropReason.BadChecksum));
    }

    [Fact]
    public void Two_stacks_ping_each_other()
    {
        Wire wire = new();
        Replies replies = new();
        wire.Left.EchoObserver = replies;
        Assert.True(wire.Left.SendEcho(Addresses.Right4, 7, 1, Packets.Numbered(10), 2, 5));
        Assert.True(wire.Left.SendEcho(Addresses.Right6, 7, 2, Packets.Numbered(10), 0, 0));
        wire.Advance(100);
        Assert.Equal([(1, 5), (2, 0)], replies.Seen.Select(r => (r.Sequence, r.Data.Length)));
        Assert.Equal(Addresses.Right4, replies.Seen[0].From);
        Assert.Equal(Packets.Numbered(5, 2), replies.Seen[0].Data);
    }

    [Fact]
    public void A_stack_answers_its_own_ping_without_the_link()
    {
        Replies replies = new();
        probe.Stack.EchoObserver = replies;
        Assert.True(probe.Stack.SendEcho(probe.Self, 7, 1, [], 0, 0));
        Assert.Empty(probe.Take());
        Assert.Single(replies.Seen);
    }

    [Fact]
    public void A_request_that_cannot_be_sent_is_refused()
    {
        Assert.False(probe.Stack.SendEcho(probe.Peer, 1, 1, new byte[1253], 0, 1253));
        Assert.True(probe.Stack.SendEcho(probe.Peer, 1, 1, new byte[1252], 0, 1252));
        Assert.Equal(1280, probe.Take().Single().Length);
        NetStack onlyFour = new(new SeededRandom(1), 1280);
        onlyFour.AddAddress(Addresses.Right4);
        Assert.False(onlyFour.SendEcho(Addresses.Left6, 1, 1, [], 0, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_closed_UDP_port_is_unreachable_and_the_answer_quotes_the_datagram(bool ipv6)
    {
        byte[] from = ipv6 ? Addresses.Left6 : Addresses.Left4, to = ipv6 ? Addresses.Right6 : Addresses.Right4;
        byte[] datagram = Packets.Udp(from, 5000, to, 9, Packets.Numbered(1200));
        probe.Input(datagram);
        byte[] answer = probe.Take().Single();
        int header = ipv6 ? 40 : 20;
        Assert.Equal(ipv6 ? (1, 4) : (3, 3), (answer[header], answer[header + 1]));
        Assert.Equal(datagram[..(answer.Length - header - 8)], answer[(header + 8)..]);
        Assert.Equal(ipv6 ? 1280 : 576, answer.Length);
    }

    [Fact]
    public void Unreachables_are_rate_limited()
    {
        for (int i = 0; i < 200; i++)
        {
            probe.Input(Packets.Udp(Addresses.Left4, 5000, Addresses.Right4, 9, [1]));
            probe.NowMs++;
            probe.Take();
        }

        Assert.InRange(probe.Stack.PacketsSent, 50, 61);
        Assert.Equal(200 - probe.Stack.PacketsSent, probe.Stack.DropCount(DropReason.RateLimited));
    }

    [Fact]
    public void An_error_is_never_answered_with_an_error()
    {
        byte[] quoted = Packets.Udp(Addresses.Right4, 9, Addresses.Left4, 5000, [1, 2]);
        probe.Input(Packets.Icmp(Addresses.Left4, Addresses.Right4, 3, 3, 0, quoted));
        Assert.Empty(probe.Take());
        Assert.Equal(1, probe.Stack.DropCount(DropReason.IcmpIgnored));
    }

    [Fact]
    public void Unreachable_ends_an_attempt_to_connect_but_not_a_connection()
    {
        TcpSocket attempt = probe.Stack.Connect(null, probe.Peer, 81, probe.NowMs, null);
        byte[] syn = probe.Take().Single();
        probe.Input(Packets.Icmp(Addresses.Stranger4, Addresses.Right4, 3, 13, 0, syn[..28]));
        Assert.Equal((TcpState.Closed, SocketError.ConnectionRefused), (attempt.State, attempt.Error));

        TcpSocket socket = probe.Connect();
        socket.Send([1, 2, 3], 0, 3, probe.NowMs);
        byte[] data = probe.Take().Single();
        probe.Input(Packets.Icmp(Addresses.Stranger4, Addresses.Right4, 3, 3, 0, data[..28]));
        Assert.Equal(TcpState.Established, socket.State);
    }

    [Fact]
    public void An_error_about_a_segment_that_is_not_in_flight_is_a_forgery()
    {
        TcpSocket attempt = probe.Stack.Connect(null, probe.Peer, 81, probe.NowMs, null);
        byte[] syn = probe.Take().Single()[..28];
        syn[24]++;
        probe.Input(Packets.Icmp(Addresses.Stranger4, Addresses.Right4, 3, 3, 0, syn));
        Assert.Equal(TcpState.SynSent, attempt.State);
    }

    [Fact]
    public void Fragmentation_needed_makes_segments_smaller_but_not_tiny()
    {
        TcpSocket socket = probe.Connect(Probe.Mss(1240));
        Assert.Equal(1240, socket.SegmentSize);
        socket.Send(new byte[1240], 0, 1240, probe.NowMs);
        byte[] data = probe.Take().Single();
        probe.Input(Packets.Icmp(Addresses.Stranger4, Addresses.Right4, 3, 4, 1000, data[..28]));
        Assert.Equal(960, socket.SegmentSize);
        Assert.Equal(960, probe.Segments()[0].Payload.Length);
        probe.Input(Packets.Icmp(Addresses.Stranger4, Addresses.Right4, 3, 4, 68, data[..28]));
        Assert.Equal(536, socket.SegmentSize);
    }
}
