namespace MeshIoT.PortMap;

/// <summary>The protocol that a gateway was asked by.</summary>
public enum PortMappingKind
{
    /// <summary>NAT Port Mapping Protocol, RFC 6886.</summary>
    NatPmp,

    /// <summary>Port Control Protocol, RFC 6887.</summary>
    Pcp,

    /// <summary>UPnP Internet Gateway Device, WANIPConnection 1 and 2.</summary>
    Upnp,
}
