using System;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <summary>What disco needs of its surroundings. Called within the calls of <see cref="DiscoDevice"/>, on their thread.</summary>
public abstract class DiscoHost
{
    /// <summary>Whether a peer of the netmap has this disco key.</summary>
    public abstract bool Knows(DiscoPublicKey key);

    /// <summary>Sends one datagram to an address of the network; both spans are valid during the call only.</summary>
    public abstract void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18);

    /// <summary>Sends one datagram through a relay's region to whoever has the node key there.</summary>
    public virtual void Relay(ReadOnlySpan<byte> datagram, int region, NodePublicKey to)
    {
    }

    /// <summary>Sends one datagram to a peer through the relay where it can be reached; false when there is none.</summary>
    public virtual bool Relay(ReadOnlySpan<byte> datagram, DiscoPeer peer) => false;

    /// <summary>
    /// The holder of a known disco key pinged, and was answered: it wants to talk. <paramref name="nodeKey"/> is its claim (zero:
    /// none), to be compared with the netmap; for a ping by relay it is the sender that the relay names. May come again by replay, from
    /// any address.
    /// </summary>
    public abstract void Pinged(DiscoPublicKey from, NodePublicKey nodeKey, ReadOnlySpan<byte> source18);

    /// <summary>The best endpoint of the peer is another one than before, or there is none any more.</summary>
    public abstract void BestChanged(DiscoPeer peer);

    /// <summary>The best endpoint is trusted no more, or again; not called when <see cref="BestChanged"/> is, nor for peers that nobody wants.</summary>
    public virtual void TrustChanged(DiscoPeer peer)
    {
    }

    /// <summary>
    /// The peer was pinged wherever it may be and has no sure path: now is the time for <see cref="DiscoDevice.Call"/>, so that it
    /// pings from its side and both NATs open. <paramref name="isSuspect"/>: a path broke or none comes about, so that what we believe of
    /// our own endpoints may be wrong.
    /// </summary>
    public virtual void CallDue(DiscoPeer peer, bool isSuspect, long nowMs)
    {
    }

    /// <summary>The peer with this node key, if the netmap gives it this disco key; null otherwise. It calls, so it is made if there is none.</summary>
    public virtual DiscoPeer? Caller(NodePublicKey nodeKey, DiscoPublicKey key) => null;

    /// <summary>The peer called through the relay and was pinged wherever it says it is.</summary>
    public virtual void Called(DiscoPeer peer, long nowMs)
    {
    }

    /// <summary>A ping was answered; the peer saw it come from this address (18 bytes): perhaps an endpoint of ours.</summary>
    public virtual void SeenFrom(ReadOnlySpan<byte> endpoint18)
    {
    }
}
