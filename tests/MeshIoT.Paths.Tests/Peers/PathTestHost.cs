using System;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Paths.Tests.Simulation;

namespace MeshIoT.Paths.Tests.Peers;

/// <summary>A peer that answers every ping at one endpoint after a while, as long as it is told to.</summary>
sealed class PathTestHost : DiscoHost, IDisposable
{
    readonly DiscoPrivateKey key = DiscoPrivateKey.Generate(new SeededRandom(1)), other = DiscoPrivateKey.Generate(new SeededRandom(2));
    readonly DiscoDevice near, far;
    byte[]? waiting;
    long dueMs;

    public PathTestHost(long latencyMs)
    {
        LatencyMs = latencyMs;
        near = new DiscoDevice(new SodiumSuite(), new SeededRandom(3), key, default, this);
        far = new DiscoDevice(new SodiumSuite(), new SeededRandom(4), other, default, new Echo(this));
        Peer = near.Add(other.PublicKey, At);
        near.Want(Peer, NowMs);
        Pass(latencyMs);
    }

    public static byte[] At { get; } = Place.Of("192.0.2.1:41641").ToBytes();

    public long LatencyMs { get; }

    public bool IsDead { get; set; }

    public long NowMs { get; private set; } = 5_000;

    public DiscoPeer Peer { get; }

    public void Probe() => near.Probe(Peer, NowMs);

    public void Pass(long ms)
    {
        for (long end = NowMs + ms; NowMs < end;)
        {
            NowMs++;
            if (waiting is { } pong && NowMs >= dueMs)
            {
                waiting = null;
                near.Receive(pong, pong.Length, At, NowMs);
            }
        }
    }

    public override bool Knows(DiscoPublicKey key) => true;

    public override void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18)
    {
        if (!IsDead)
        {
            byte[] ping = datagram.ToArray();
            far.Receive(ping, ping.Length, At, NowMs);
        }
    }

    public override void Pinged(DiscoPublicKey from, NodePublicKey nodeKey, ReadOnlySpan<byte> source18)
    {
    }

    public override void BestChanged(DiscoPeer peer)
    {
    }

    public void Dispose()
    {
        near.Dispose();
        far.Dispose();
        key.Dispose();
        other.Dispose();
    }

    sealed class Echo(PathTestHost host) : DiscoHost
    {
        public override bool Knows(DiscoPublicKey key) => true;

        public override void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18) =>
            (host.waiting, host.dueMs) = (datagram.ToArray(), host.NowMs + host.LatencyMs);

        public override void Pinged(DiscoPublicKey from, NodePublicKey nodeKey, ReadOnlySpan<byte> source18)
        {
        }

        public override void BestChanged(DiscoPeer peer)
        {
        }
    }
}
