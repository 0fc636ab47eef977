using System;
using System.Net;
using System.Threading;
using MeshIoT.Disco;

namespace MeshIoT.Node.Engine;

/// <summary>
/// What the engine lets others see of a peer: the engine thread writes, any thread reads, nobody waits.
/// Each value is whole by itself; two read one after the other may be a packet apart.
/// </summary>
internal sealed class PeerCell
{
    int region;
    long receivedBytes, sentBytes, lastHandshakeMs = -1, lastReceivedMs = -1;
    byte[]? endpoint;

    /// <summary>WireGuard bytes received.</summary>
    public long ReceivedBytes => Volatile.Read(ref receivedBytes);

    /// <summary>WireGuard bytes sent.</summary>
    public long SentBytes => Volatile.Read(ref sentBytes);

    /// <summary>Boot clock of the last completed handshake; -1: never.</summary>
    public long LastHandshakeMs => Volatile.Read(ref lastHandshakeMs);

    /// <summary>Boot clock of the last authentic packet; -1: none.</summary>
    public long LastReceivedMs => Volatile.Read(ref lastReceivedMs);

    /// <summary>
    /// The direct path in use, 18 bytes never changed after publication; null before the first, while it is doubted and there is a relay, and
    /// while the peer is silent.
    /// </summary>
    public byte[]? Endpoint => Volatile.Read(ref endpoint);

    /// <summary>The way its packets go, relayed or not: 18 bytes, or null.</summary>
    public byte[]? Way => Region is var through && through != 0 ? RelayEndpoint.Of(through) : Endpoint;

    /// <summary>The same, to show.</summary>
    public IPEndPoint? EndpointForPeople => Endpoint is { } bytes ? Endpoints.ToIPEndPoint(bytes) : null;

    /// <summary>The region of the relay that its packets go through; 0 while there is a trusted direct path, or no relay.</summary>
    public int Region => Volatile.Read(ref region);

    /// <summary>Engine: publishes the counters.</summary>
    public void Publish(long received, long sent, long handshakeMs, long heardMs)
    {
        Volatile.Write(ref receivedBytes, received);
        Volatile.Write(ref sentBytes, sent);
        Volatile.Write(ref lastHandshakeMs, handshakeMs);
        Volatile.Write(ref lastReceivedMs, heardMs);
    }

    /// <summary>Engine: the peer's state is gone; what it did remains to be seen.</summary>
    public void Rest()
    {
        Volatile.Write(ref endpoint, null);
        Volatile.Write(ref region, 0);
    }

    /// <summary>Engine: publishes that packets go through a relay's region; true when that is news.</summary>
    public bool PublishRegion(int through)
    {
        if (region == through && endpoint is null)
        {
            return false;
        }

        Volatile.Write(ref region, through);
        Volatile.Write(ref endpoint, null);
        return true;
    }

    /// <summary>Engine: publishes the endpoint when it is another one; true then. Allocates only then.</summary>
    public bool PublishEndpoint(ReadOnlySpan<byte> endpoint18)
    {
        if (endpoint is { } known && endpoint18.SequenceEqual(known))
        {
            return false;
        }

        Volatile.Write(ref region, 0);
        Volatile.Write(ref endpoint, endpoint18.ToArray());
        return true;
    }
}
