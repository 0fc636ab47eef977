using System.Collections.Generic;

namespace MeshIoT.Paths.NetCheck;

/// <summary>What a check is told of this machine and of what is wanted.</summary>
public sealed record NetCheckOptions
{
    /// <summary>This machine has IPv4 addresses.</summary>
    public bool HaveV4 { get; init; } = true;

    /// <summary>This machine has IPv6 addresses that are more than link-local.</summary>
    public bool HaveV6 { get; init; } = true;

    /// <summary>Wait for every region, not only for the nearest three: for a person who asks. Implies a full check.</summary>
    public bool EveryRegion { get; init; }

    /// <summary>UDP is not to be used at all.</summary>
    public bool OnlyHttps { get; init; }

    /// <summary>HTTPS is not to be used at all: to see cheaply whether UDP gets through again.</summary>
    public bool OnlyStun { get; init; }

    /// <summary>Ask the nearest regions and the home only, where a report is there to go by: for a node that nobody talks to.</summary>
    public bool OnlyNear { get; init; }

    /// <summary>Addresses of this machine, 16 bytes each (v4-mapped for IPv4), without the tunnel's.</summary>
    public IReadOnlyList<byte[]> OwnAddresses { get; init; } = [];

    /// <summary>Addresses inside the tunnel, 16 bytes each: no server can have seen one.</summary>
    public IReadOnlyList<byte[]> TunnelAddresses { get; init; } = [];
}
