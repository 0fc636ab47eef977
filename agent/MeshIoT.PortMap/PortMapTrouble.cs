using System.Net;

namespace MeshIoT.PortMap;

/// <summary>What is wrong with a gateway's port mapping, where a person could do something about it.</summary>
public enum PortMapTroubleKind
{
    /// <summary>It maps, but its own outside address is none the world can reach: another NAT stands before it.</summary>
    DoubleNat,

    /// <summary>It speaks a protocol and says no.</summary>
    Refused,
}

/// <summary>Why there is no mapping although the gateway answers.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Gateway">Who answers.</param>
/// <param name="Protocol">By which protocol.</param>
/// <param name="Detail">The outside address, or the gateway's reason in words.</param>
public sealed record PortMapTrouble(PortMapTroubleKind Kind, IPAddress Gateway, PortMappingKind Protocol, string Detail);
