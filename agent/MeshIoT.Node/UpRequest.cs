using System;
using System.Collections.Generic;
using MeshIoT.Health;

namespace MeshIoT.Node;

/// <summary>What <see cref="TailnetNode.UpAsync"/> needs to join a tailnet; null members keep what is saved.</summary>
public sealed record UpRequest
{
    /// <summary>The coordinator.</summary>
    public Uri? LoginServer { get; init; }

    /// <summary>The key that admits this node. It is used once, kept in memory until then, and never written or printed.</summary>
    public string? AuthKey { get; init; }

    /// <summary>The first 16 Crockford characters of BLAKE2s-256 of the coordinator's key, as the QR code carries them.</summary>
    public string? ServerKeyPin { get; init; }

    /// <summary>The name to ask for: 1 to 63 letters, digits and dashes.</summary>
    public string? Hostname { get; init; }

    /// <summary>Tags to ask for, "tag:" and a letter first, then letters, digits and dashes; the coordinator decides. Empty: none.</summary>
    public IReadOnlyList<string>? AdvertiseTags { get; init; }

    /// <summary>Networks behind this node that it offers to carry packets to, such as 192.168.7.0/24. Empty: none. Kernel mode only.</summary>
    public IReadOnlyList<string>? AdvertiseRoutes { get; init; }

    /// <summary>Whether this node offers to carry its peers' packets to the Internet (0.0.0.0/0 and ::/0).</summary>
    public bool? AdvertiseExitNode { get; init; }

    /// <summary>Whether the networks that peers advertise are routed to them.</summary>
    public bool? AcceptRoutes { get; init; }

    /// <summary>Whether the coordinator may forget this node once it is away; it is told so when the node stops.</summary>
    public bool? Ephemeral { get; init; }

    /// <summary>
    /// Whether to log in again under a new node key although the present one is good. Packets flow on under the present key
    /// until the coordinator has accepted the new one.
    /// </summary>
    public bool ForceReauth { get; init; }

    /// <summary>Whether to forget every setting that this request does not name, instead of keeping it.</summary>
    public bool Reset { get; init; }

    /// <summary>Whether only to wait for the login that is under way, and to change nothing.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Called, on any thread, each time somebody must act elsewhere: with what to say, and the page to open if there is one.
    /// The wait then goes on. Null: <see cref="TailnetNode.UpAsync"/> throws that report instead.
    /// </summary>
    public Action<FaultReport, Uri?>? Waiting { get; init; }

    /// <summary>Names the members that are set; the key's text never appears.</summary>
    public override string ToString() =>
        $"{nameof(UpRequest)} {{ LoginServer = {LoginServer}, AuthKey = {(AuthKey is null ? "none" : "[redacted]")}, Hostname = {Hostname} }}";
}
