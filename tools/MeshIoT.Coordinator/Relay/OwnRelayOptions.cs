using System.Collections.Generic;
using System.Net;
using MeshIoT.Relay;

namespace MeshIoT.Coordinator;

/// <summary>How the relay inside a coordinator runs; what is null is worked out from the coordinator's own options.</summary>
internal sealed record OwnRelayOptions
{
    /// <summary>Ports when nobody says others: https beside the usual one, and STUN's.</summary>
    public const int StandardPort = 8443, StandardStunPort = 3478;

    /// <summary>The first of the numbers that are for private regions, up to 999.</summary>
    public const int StandardRegion = 900;

    /// <summary>Null: the coordinator's address, <see cref="StandardPort"/> or a free one.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Null: the relay's address, <see cref="StandardStunPort"/> or a free one.</summary>
    public IPEndPoint? Stun { get; init; }

    /// <summary>No STUN.</summary>
    public bool NoStun { get; init; }

    /// <summary>Plain HTTP beside it; null: none.</summary>
    public IPEndPoint? PlainListen { get; init; }

    /// <summary>Figures; null: nowhere.</summary>
    public IPEndPoint? Metrics { get; init; }

    /// <summary>Name or address that nodes are told; null: the coordinator's.</summary>
    public string? Host { get; init; }

    /// <summary>Null: the first free one from <see cref="StandardRegion"/> on.</summary>
    public int? Region { get; init; }

    /// <summary>Short name of the region; null: from the host's name.</summary>
    public string? Code { get; init; }

    /// <summary>PEM files; null: a self-signed certificate from the state directory.</summary>
    public (string Certificate, string Key)? Files { get; init; }

    /// <summary>What the region's relays share; null: this one is alone.</summary>
    public MeshKey? MeshKey { get; init; }

    /// <summary>The region's other relays.</summary>
    public IReadOnlyList<MeshPeer> MeshPeers { get; init; } = [];

    public RelayLimits Limits { get; init; } = new();
}
