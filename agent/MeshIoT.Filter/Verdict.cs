namespace MeshIoT.Filter;

/// <summary>What becomes of an inbound packet, and when it is dropped, why. Only <see cref="Accept"/> lets it through.</summary>
public enum Verdict
{
    /// <summary>Dropped: no rule allows it.</summary>
    NoRule,

    /// <summary>Dropped: too short, cut off, a version or IPv6 extension header that is not read, or a header that contradicts itself.</summary>
    Malformed,

    /// <summary>Dropped: a fragment that hides or would overwrite the transport header.</summary>
    BadFragment,

    /// <summary>Dropped: to a multicast address.</summary>
    Multicast,

    /// <summary>Dropped: to a link-local address other than 169.254.169.254.</summary>
    LinkLocal,

    /// <summary>Dropped: to an address that is neither ours nor in a route we advertise.</summary>
    NotLocal,

    /// <summary>Let through.</summary>
    Accept,
}
