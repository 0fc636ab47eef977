using System;
using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Disco.Tests;

/// <summary>The bytes of data-plane.md sections 12.1 and 12.2, which come from other implementations.</summary>
public class KnownAnswerTests
{
    const string PingDatagram =
        "5453f09f92ac883186b800b41d5cf0429695da9b3cc4f328ebcd184a6e482fa578c103f06c77101112131415161718191a1b1c1d1e1f2021222324252627"
        + "938398ac46cdec98e338186da9042b8fedb62dc14fc171f33e93cdac65c38c01a2c3fee64a64601adaf43bf5977a5d5dd41507db284c048beeb3d6e85c35";

    static byte[] Count(byte first, int length) => [.. Enumerable.Range(first, length).Select(static n => (byte)n)];

    [Fact]
    public void The_ping_of_the_vector_is_opened_and_its_pong_answers_it()
    {
        using DiscoPrivateKey a = DiscoPrivateKey.FromBytes(Count(0x81, 32)), b = DiscoPrivateKey.FromBytes(Count(0xa1, 32));
        using NodePrivateKey sender = NodePrivateKey.FromBytes(Count(1, 32));
        byte[] datagram = Convert.FromHexString(PingDatagram);
        Assert.Equal(124, datagram.Length);
        Assert.True(DiscoDatagram.IsDisco(datagram));
        Assert.Equal(a.PublicKey, DiscoDatagram.SenderOf(datagram));

        Recorder host = new(a.PublicKey);
        using DiscoDevice device = new(new SodiumSuite(), new SeededRandom(1), b, default, host);
        byte[] from = VirtualWire.Endpoint("192.0.2.7:41641");
        Assert.Equal(DiscoFault.None, device.Receive(datagram, datagram.Length, from, 5));
        Assert.Equal(sender.PublicKey, host.NodeKey);
        Assert.Equal(from, host.To);

        byte[] shared = new byte[32], plain = new byte[32];
        Assert.True(NaClBox.Precompute(new SodiumSuite(), a.Bytes.ToArray(), b.PublicKey.ToArray(), shared));
        Assert.Equal("d42b41c2bcb66370c3ec71513e51d4a462c0a569703464a0130572f4ed17e406", Convert.ToHexStringLower(shared));
        Assert.Equal(62 + 16 + 32, host.Datagram.Length);
        Assert.True(NaClBox.Open(shared, host.Datagram, 38, host.Datagram, 62, 48, plain, 0));
        Assert.Equal("02000102030405060708090a0b0c00000000000000000000ffffc0000207a2a9", Convert.ToHexStringLower(plain));
    }

    [Fact]
    public void A_ping_is_written_as_the_vector_has_it()
    {
        using NodePrivateKey sender = NodePrivateKey.FromBytes(Count(1, 32));
        byte[] message = new byte[64];
        int length = new PingMessage(TransactionId.Read(Count(1, 12)), sender.PublicKey).Write(message);
        Assert.Equal(
            "01000102030405060708090a0b0c07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c",
            Convert.ToHexStringLower(message, 0, length));
        Assert.True(PingMessage.TryRead(message.AsSpan(2, length - 2), out PingMessage read));
        Assert.Equal(sender.PublicKey, read.NodeKey);
    }

    [Fact]
    public void A_call_me_maybe_is_written_as_the_vector_has_it()
    {
        byte[] endpoints = [.. VirtualWire.Endpoint("1.2.3.4:567"), .. VirtualWire.Endpoint("[2001::3456]:789")];
        byte[] message = new byte[64];
        int length = new CallMeMaybeMessage(endpoints).Write(message);
        Assert.Equal("030000000000000000000000ffff0102030402372001000000000000000000000000345603 15".Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(message, 0, length));
        CallMeMaybeMessage read = CallMeMaybeMessage.Read(message[1], message.AsSpan(2, length - 2));
        Assert.Equal(2, read.Count);
        Assert.True(read[1].SequenceEqual(VirtualWire.Endpoint("[2001::3456]:789")));
    }

    [Fact]
    public void Old_pings_without_a_node_key_padded_pings_and_broken_lists_are_read_as_the_sheet_says()
    {
        Assert.True(PingMessage.TryRead(Count(1, 12), out PingMessage old));
        Assert.True(old.NodeKey.IsZero);
        Assert.True(PingMessage.TryRead([.. Count(1, 44), .. new byte[1300]], out PingMessage padded));
        Assert.False(padded.NodeKey.IsZero);
        Assert.False(PingMessage.TryRead(Count(1, 11), out _));
        Assert.False(PongMessage.TryRead(Count(1, 29), out _));
        Assert.True(PongMessage.TryRead(Count(1, 31), out PongMessage pong));
        Assert.Equal(18, pong.SeenFrom.Length);
        Assert.Equal(0, CallMeMaybeMessage.Read(0, Count(1, 19)).Count);
        Assert.Equal(0, CallMeMaybeMessage.Read(1, Count(1, 18)).Count);
        Assert.Equal(CallMeMaybeMessage.MostEndpoints, CallMeMaybeMessage.Read(0, new byte[18 * 500]).Count);
    }

    sealed class Recorder(DiscoPublicKey known) : DiscoHost
    {
        public byte[] Datagram { get; private set; } = [];

        public byte[] To { get; private set; } = [];

        public NodePublicKey NodeKey { get; private set; }

        public override bool Knows(DiscoPublicKey key) => key == known;

        public override void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18) => (Datagram, To) = (datagram.ToArray(), endpoint18.ToArray());

        public override void Pinged(DiscoPublicKey from, NodePublicKey nodeKey, ReadOnlySpan<byte> source18) => NodeKey = nodeKey;

        public override void BestChanged(DiscoPeer peer)
        {
        }
    }
}
