namespace MeshIoT.NetStack;

/// <summary>Why a TCP connection ended, other than by both sides closing.</summary>
public enum SocketError
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The peer answered the SYN with RST, or a router or host forbade the connection.</summary>
    ConnectionRefused,

    /// <summary>The peer reset the connection.</summary>
    ConnectionReset,

    /// <summary>This side aborted it, or its local address went away.</summary>
    ConnectionAborted,

    /// <summary>Retransmissions or keep-alive probes stayed without answer.</summary>
    TimedOut,

    /// <summary>Timed out, and ICMP had said that the destination cannot be reached.</summary>
    Unreachable,

    /// <summary>The stack has no address of the destination's family.</summary>
    AddressNotAvailable,

    /// <summary>The limit on sockets, ports or buffer memory is reached.</summary>
    NoResources,
}
