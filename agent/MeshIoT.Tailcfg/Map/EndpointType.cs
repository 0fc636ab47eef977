namespace MeshIoT.Tailcfg;

/// <summary>How a node came to know one of its endpoints. control-plane.md section 5.1.</summary>
public enum EndpointType
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>An address of a local interface.</summary>
    Local = 1,

    /// <summary>Seen by a STUN server.</summary>
    Stun = 2,

    /// <summary>From a port mapping.</summary>
    Portmapped = 3,

    /// <summary>Public IPv4 address by STUN, joined with the local port.</summary>
    Stun4LocalPort = 4,

    /// <summary>Written by a person.</summary>
    ExplicitConfiguration = 5,
}
