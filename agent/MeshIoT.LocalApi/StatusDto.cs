using System;
using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>The agent's state, as <c>GET /localapi/v0/status</c> gives it. Fields are added, never changed in meaning.</summary>
public sealed record StatusDto
{
    /// <summary>NoState, NeedsLogin, NeedsMachineAuth, Starting, Running or Stopped, as in Tailscale.</summary>
    public required string BackendState { get; init; }

    /// <summary>Version of the agent.</summary>
    public required string Version { get; init; }

    /// <summary>The coordinator's URL, if one was ever given.</summary>
    public string? LoginServer { get; init; }

    /// <summary>The page that lets this node in, while a person has to open it.</summary>
    public string? AuthUrl { get; init; }

    /// <summary>What a person has to do elsewhere before a login goes on; absent: nothing.</summary>
    public FaultDto? Waiting { get; init; }

    /// <summary>Whether a login is under way.</summary>
    public bool LoginPending { get; init; }

    /// <summary>When this node's key expires; absent: never, or not known.</summary>
    public DateTimeOffset? KeyExpiry { get; init; }

    /// <summary>Whether the coordinator is connected now.</summary>
    public bool CoordinatorConnected { get; init; }

    /// <summary>How packets reach the programs of this machine: "kernel" or "userspace".</summary>
    public required string Tun { get; init; }

    /// <summary>By which instructions packets are sealed: "avx512", "avx2", "neon", "ssse3" or "libsodium".</summary>
    public string? Aead { get; init; }

    /// <summary>The network this node is on; absent before the node runs.</summary>
    public NetworkDto? Network { get; init; }

    /// <summary>This node, once it is registered.</summary>
    public NodeDto? Self { get; init; }

    /// <summary>The nodes this one may know, sorted by name.</summary>
    public IReadOnlyList<NodeDto> Peers { get; init; } = [];

    /// <summary>What is wrong now; empty when all is well.</summary>
    public IReadOnlyList<FaultDto> Health { get; init; } = [];
}

/// <summary>One node of the tailnet as this node sees it.</summary>
public sealed record NodeDto
{
    /// <summary>Full name without the trailing dot, <c>host.tailnet.example</c>.</summary>
    public required string Name { get; init; }

    /// <summary>First label of the name.</summary>
    public required string HostName { get; init; }

    /// <summary>Tailnet addresses, IPv4 first.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Node key, <c>nodekey:</c> and 64 hexadecimal digits.</summary>
    public string? NodeKey { get; init; }

    /// <summary>Whether the coordinator holds a live connection of the node.</summary>
    public bool Online { get; init; }

    /// <summary>Operating system the node reports.</summary>
    public string? Os { get; init; }

    /// <summary>Tags, each beginning with <c>tag:</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>"direct", "relay", or "-" while there is no path, because nobody talks to it.</summary>
    public string Path { get; init; } = "-";

    /// <summary>The peer's confirmed <c>ip:port</c>, while the path is direct.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Code of the relay region its packets go through, while the path is "relay".</summary>
    public string? Relay { get; init; }

    /// <summary>Code of its home relay region.</summary>
    public string? HomeRelay { get; init; }

    /// <summary>Round trip of the last answer on the direct path, milliseconds; absent: not measured.</summary>
    public double? Latency { get; init; }

    /// <summary>Whether something came from it within the last three minutes.</summary>
    public bool Active { get; init; }

    /// <summary>WireGuard bytes received from the peer since the agent started, headers included.</summary>
    public long RxBytes { get; init; }

    /// <summary>WireGuard bytes sent to the peer since the agent started, headers included.</summary>
    public long TxBytes { get; init; }

    /// <summary>When the last handshake with the peer completed.</summary>
    public DateTimeOffset? LastHandshake { get; init; }

    /// <summary>When something authentic last came from the peer.</summary>
    public DateTimeOffset? LastReceived { get; init; }

    /// <summary>When the coordinator last saw the node, while it is offline.</summary>
    public DateTimeOffset? LastSeen { get; init; }
}

/// <summary>A fault for a person: what happened and what to do.</summary>
/// <param name="Code">Stable code of the catalogue.</param>
/// <param name="Severity">low, medium or high.</param>
/// <param name="Message">What happened and why.</param>
/// <param name="Next">The next step.</param>
public sealed record FaultDto(string Code, string Severity, string Message, string Next);
