namespace MeshIoT.Interop;

/// <summary>What is compared of a case.</summary>
internal enum Aspect
{
    /// <summary>Accepted or refused.</summary>
    Verdict,

    /// <summary>Packet filters, as sets of source, destination, port and protocol.</summary>
    Filters,

    /// <summary>Who sees whom.</summary>
    Peers,

    /// <summary>Allowed IPs and primary routes.</summary>
    Routes,

    /// <summary>SSH rules.</summary>
    Ssh,

    /// <summary>Capabilities of the node itself and of peers.</summary>
    Caps,
}
