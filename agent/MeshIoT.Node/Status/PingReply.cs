using System;
using System.Net;

namespace MeshIoT.Node;

/// <summary>The answer to a ping.</summary>
/// <param name="Name">The peer's name; empty when it was pinged by an address no peer owns alone.</param>
/// <param name="Address">The tailnet address that answered.</param>
/// <param name="Endpoint">The UDP endpoint the answer came from; null: it came by a relay, or from this node itself.</param>
/// <param name="RoundTrip">From handing the ping to the engine to its reply, a handshake included when one was needed.</param>
public sealed record PingReply(string Name, IPAddress Address, IPEndPoint? Endpoint, TimeSpan RoundTrip)
{
    /// <summary>What was asked.</summary>
    public PingKind Kind { get; init; } = PingKind.Icmp;

    /// <summary>The region of the relay the answer came by; 0: none.</summary>
    public int RelayRegion { get; init; }

    /// <summary>The code of that region, such as "mesh"; its number when the netmap has no code; null: no relay.</summary>
    public string? Relay { get; init; }

    /// <summary>The port of the peer's PeerAPI, which a TSMP pong names; 0: none.</summary>
    public int PeerApiPort { get; init; }

    /// <summary>Whether the answer came straight from the peer.</summary>
    public bool IsDirect => Endpoint is not null;
}
