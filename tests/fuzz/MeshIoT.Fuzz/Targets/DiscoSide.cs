using System;
using MeshIoT.Crypto;
using MeshIoT.Disco;

namespace MeshIoT.Fuzz.Targets;

/// <summary>A disco device that talks to one peer, whose keys the fuzzer has, and counts what it sends.</summary>
sealed class DiscoSide : DiscoHost
{
    readonly DiscoPrivateKey key = DiscoPrivateKey.Generate(Fixed.Random(1));

    public DiscoSide()
    {
        Peer = DiscoPrivateKey.Generate(Fixed.Random(2));
        Device = new DiscoDevice(Fixed.Suite, Fixed.Random(3), key, NodePublicKey.FromBytes(Fixed.Bytes(9)), this);
        Known = Device.Add(Peer.PublicKey, [.. Fixed.Endpoint("192.0.2.7", 7), .. Fixed.Endpoint("192.0.2.8", 8)]);
    }

    public DiscoPrivateKey Peer { get; }

    public DiscoPublicKey Own => key.PublicKey;

    public NodePublicKey PeerNode { get; } = NodePublicKey.FromBytes(Fixed.Bytes(5));

    public DiscoDevice Device { get; }

    public DiscoPeer Known { get; }

    public long NowMs { get; set; } = 1_000_000;

    public long Sent { get; private set; }

    public long SentBytes { get; private set; }

    public override bool Knows(DiscoPublicKey other) => other == Peer.PublicKey;

    public override void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18)
    {
        Sent++;
        SentBytes += datagram.Length;
    }

    public override void Relay(ReadOnlySpan<byte> datagram, int region, NodePublicKey to) => Send(datagram, default);

    public override bool Relay(ReadOnlySpan<byte> datagram, DiscoPeer peer)
    {
        Send(datagram, default);
        return true;
    }

    public override DiscoPeer? Caller(NodePublicKey nodeKey, DiscoPublicKey other) => other == Peer.PublicKey ? Known : null;

    public override void Pinged(DiscoPublicKey from, NodePublicKey nodeKey, ReadOnlySpan<byte> source18)
    {
        if (!RelayEndpoint.Is(source18))
        {
            Device.Heard(Known, source18, NowMs);
        }
    }

    public override void BestChanged(DiscoPeer peer)
    {
    }
}
