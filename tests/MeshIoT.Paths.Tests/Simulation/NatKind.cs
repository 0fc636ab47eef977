namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>How a router treats datagrams. RFC 4787 has the long names.</summary>
enum NatKind
{
    /// <summary>One mapping per inner place, open to all.</summary>
    FullCone,

    /// <summary>One mapping per inner place, open to addresses that were sent to.</summary>
    AddressRestricted,

    /// <summary>One mapping per inner place, open to places that were sent to.</summary>
    PortRestricted,

    /// <summary>A mapping for each place that is sent to, open to that one only.</summary>
    Symmetric,

    /// <summary>No UDP at all.</summary>
    Blocked,
}
