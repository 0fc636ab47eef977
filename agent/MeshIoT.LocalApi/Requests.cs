using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>Body of <c>POST /localapi/v0/up</c>. What is absent stays as it was.</summary>
public sealed record UpRequestDto
{
    /// <summary>The coordinator's URL.</summary>
    public string? LoginServer { get; init; }

    /// <summary>A secret that admits the node, passed on unchanged. Never logged, never stored.</summary>
    public string? AuthKey { get; init; }

    /// <summary>First characters of the hash of the coordinator's Noise key, from a claim.</summary>
    public string? ServerKeyPin { get; init; }

    /// <summary>Host name to ask for.</summary>
    public string? Hostname { get; init; }

    /// <summary>Tags to ask for; empty: none.</summary>
    public IReadOnlyList<string>? AdvertiseTags { get; init; }

    /// <summary>Networks behind this node, such as <c>192.168.7.0/24</c>; empty: none.</summary>
    public IReadOnlyList<string>? AdvertiseRoutes { get; init; }

    /// <summary>Whether peers may reach the Internet through this node.</summary>
    public bool? AdvertiseExitNode { get; init; }

    /// <summary>Whether networks behind peers are routed to them.</summary>
    public bool? AcceptRoutes { get; init; }

    /// <summary>Whether the coordinator may forget the node once it is away.</summary>
    public bool? Ephemeral { get; init; }

    /// <summary>Whether to log in again under a new node key.</summary>
    public bool ForceReauth { get; init; }

    /// <summary>Whether settings that are absent here go back to their defaults.</summary>
    public bool Reset { get; init; }

    /// <summary>Whether only to wait for the login that is under way.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Whether the answer may come before the node runs: as soon as a person must act elsewhere (<see cref="StatusDto.Waiting"/>),
    /// and at the end of the time. Without it the first is a problem, and so is the second.
    /// </summary>
    public bool Interactive { get; init; }

    /// <summary>The next step (<see cref="FaultDto.Next"/>) the person has been told already; an interactive answer waits for another one.</summary>
    public string? Shown { get; init; }

    /// <summary>How long to wait for the state Running; 0 means for ever.</summary>
    public int TimeoutSeconds { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"up {LoginServer} {(AuthKey is null ? "" : "[redacted]")}";
}
