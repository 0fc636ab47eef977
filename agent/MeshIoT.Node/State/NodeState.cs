namespace MeshIoT.Node.State;

/// <summary>
/// What a node must not forget. Holds private keys as text, so it is a class without a printed form;
/// it lives in <see cref="StateStore"/> and is copied before it is changed.
/// </summary>
internal sealed class NodeState
{
    /// <summary>The layout this build writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Layout of the file.</summary>
    public int Version { get; set; } = CurrentVersion;

    /// <summary>Private machine key, "privkey:" and 64 hex digits; for the life of the installation.</summary>
    public string? MachineKey { get; set; }

    /// <summary>Private node key. Written before it is registered, so that a used one-off key is never lost with it.</summary>
    public string? NodeKey { get; set; }

    /// <summary>Private key that shall replace <see cref="NodeKey"/> once the coordinator agrees (rotation).</summary>
    public string? NextNodeKey { get; set; }

    /// <summary>Whether a coordinator has accepted <see cref="NodeKey"/>.</summary>
    public bool Registered { get; set; }

    /// <summary>The coordinator's URL.</summary>
    public string? LoginServer { get; set; }

    /// <summary>The coordinator's public key, "mkey:…", trusted since the first successful login.</summary>
    public string? ServerKey { get; set; }

    /// <summary>The pin the first login was made with; checked until <see cref="ServerKey"/> is known.</summary>
    public string? ServerKeyPin { get; set; }

    /// <summary>The name to ask for.</summary>
    public string? Hostname { get; set; }

    /// <summary>Unix seconds when <see cref="NodeKey"/> was accepted; 0: not known. The renewal counts from here.</summary>
    public long NodeKeySince { get; set; }

    /// <summary>Tags to ask for; null: those of the options.</summary>
    public string[]? AdvertiseTags { get; set; }

    /// <summary>Networks behind this node, in the canonical form; null: none.</summary>
    public string[]? AdvertiseRoutes { get; set; }

    /// <summary>Whether the networks that peers advertise are routed to them.</summary>
    public bool AcceptRoutes { get; set; }

    /// <summary>Whether the coordinator may forget this node once it is away, and is told when it stops.</summary>
    public bool Ephemeral { get; set; }

    /// <summary>Whether the node shall be up after a restart.</summary>
    public bool WantRunning { get; set; }

    /// <summary>No handshake timestamp up to this one may be used again: 12 bytes of TAI64N in hex. data-plane.md section 11.3.</summary>
    public string? TimestampReserve { get; set; }

    /// <summary>What a router knows the owner of our port mapping by, 24 hex digits; made at the first wish for one. RFC 6887 section 11.2.</summary>
    public string? PortMapNonce { get; set; }

    /// <summary>Unix seconds when this was last written; the clock cannot be earlier.</summary>
    public long SavedAt { get; set; }

    /// <summary>A copy to change.</summary>
    public NodeState Copy() => (NodeState)MemberwiseClone();
}
