using System;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <summary>What disco needs of its surroundings. Called within the calls of <see cref="DiscoDevice"/>, on their thread.</summary>
public abstract class DiscoHost
{
    /// <summary>Whether a peer of the netmap has this disco key.</summary>
    public abstract bool Knows(DiscoPublicKey key);

    /// <summary>Sends one datagram; both spans are valid during the call only.</summary>
    public abstract void Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18);

    /// <summary>
    /// The holder of a known disco key pinged, and was answered: it wants to talk. <paramref name="nodeKey"/> is its claim (zero:
    /// none), to be compared with the netmap. May come again by replay, from any address.
    /// </summary>
    public abstract void Pinged(DiscoPublicKey from, NodePublicKey nodeKey, ReadOnlySpan<byte> source18);

    /// <summary>The best endpoint of the peer is another one than before, or there is none any more.</summary>
    public abstract void BestChanged(DiscoPeer peer);
}
