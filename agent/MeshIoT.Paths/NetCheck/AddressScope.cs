namespace MeshIoT.Paths.NetCheck;

/// <summary>How far an address is good.</summary>
internal enum AddressScope
{
    /// <summary>No machine: unspecified, link-local, multicast, broadcast, reserved.</summary>
    None,

    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>A private network, a carrier's, or a tailnet.</summary>
    Private,

    /// <summary>The Internet.</summary>
    Global,
}
