using System;
using System.Collections.Generic;
using System.Net;

namespace MeshIoT.Node;

/// <summary>One peer in a <see cref="NodeStatus"/>.</summary>
public sealed record PeerStatus
{
    /// <summary>Full name in the tailnet without the trailing dot.</summary>
    public required string Name { get; init; }

    /// <summary>The name it asked for, or the first label of <see cref="Name"/>.</summary>
    public required string HostName { get; init; }

    /// <summary>Its tailnet addresses, IPv4 first.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    /// <summary>Its public key in text form.</summary>
    public required string NodeKey { get; init; }

    /// <summary>Whether the coordinator sees it; null: unknown.</summary>
    public bool? Online { get; init; }

    /// <summary>"direct ip:port" while the peer answers from there, "relay code" before that and when it does so no more, "-" while nobody talks to it.</summary>
    public string Path => Endpoint is not null ? $"direct {Endpoint}" : Relay is not null ? $"relay \"{Relay}\"" : "-";

    /// <summary>The direct path in use; null: none that can be relied on.</summary>
    public IPEndPoint? Endpoint { get; init; }

    /// <summary>The code of the relay region its packets go through; null while there is a direct path, or none at all.</summary>
    public string? Relay { get; init; }

    /// <summary>The code of its home relay region; null: none known.</summary>
    public string? HomeRelay { get; init; }

    /// <summary>Whether something came from it within the last three minutes.</summary>
    public bool Active { get; init; }

    /// <summary>When something authentic last came from it.</summary>
    public DateTimeOffset? LastReceived { get; init; }

    /// <summary>WireGuard bytes received from it since this node came up.</summary>
    public long RxBytes { get; init; }

    /// <summary>WireGuard bytes sent to it since this node came up.</summary>
    public long TxBytes { get; init; }

    /// <summary>When the last handshake was completed.</summary>
    public DateTimeOffset? LastHandshake { get; init; }

    /// <summary>When the coordinator last saw it, while it is offline.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Its operating system; empty: unknown.</summary>
    public string OS { get; init; } = "";

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
