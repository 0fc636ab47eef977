using System;
using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>How one coordinator runs.</summary>
internal sealed record CoordinatorOptions
{
    public required string StateDirectory { get; init; }

    /// <summary>Where nodes come in; port 0 takes a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>The admin API's Unix socket.</summary>
    public required string SocketPath { get; init; }

    /// <summary>What nodes' names end in, without dots at its ends.</summary>
    public string BaseDomain { get; init; } = "tailnet.internal";

    /// <summary>The address that nodes are told, when it is not the one listened on (behind a proxy, or on all interfaces).</summary>
    public Uri? ServerUrl { get; init; }

    /// <summary>Null: plain http at the network's door.</summary>
    public TlsIdentity? Tls { get; init; }

    /// <summary>The relays that nodes are told; null tells none.</summary>
    public DerpMap? DerpMap { get; init; }

    /// <summary>The relay inside; null: none.</summary>
    public OwnRelayOptions? Relay { get; init; }

    /// <summary>Who is told when a gateway is gone; null: nobody.</summary>
    public CoordinatorAlerts? Alerts { get; init; }

    public CoordinatorLimits Limits { get; init; } = new();
}
