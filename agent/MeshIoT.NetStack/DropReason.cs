namespace MeshIoT.NetStack;

/// <summary>Why a packet, or part of one, went no further. Each has a counter: <see cref="NetStack.DropCount"/>.</summary>
public enum DropReason
{
    /// <summary>Nothing was dropped.</summary>
    None,

    /// <summary>The version is neither 4 nor 6, or the packet is empty.</summary>
    NotIp,

    /// <summary>Shorter than its own length fields say.</summary>
    Truncated,

    /// <summary>A header field contradicts the others.</summary>
    BadHeader,

    /// <summary>An IP, ICMP, UDP or TCP checksum is wrong.</summary>
    BadChecksum,

    /// <summary>A fragment: the stack does not reassemble IP.</summary>
    Fragment,

    /// <summary>An IPv6 extension header that may not be skipped.</summary>
    ExtensionHeader,

    /// <summary>The destination is none of the stack's addresses.</summary>
    NotForUs,

    /// <summary>The source is multicast, unspecified, loopback or one of our own addresses.</summary>
    BadSource,

    /// <summary>No protocol above IP takes it.</summary>
    UnknownProtocol,

    /// <summary>An ICMP message nobody waits for.</summary>
    IcmpIgnored,

    /// <summary>A datagram for a port without socket.</summary>
    UdpNoSocket,

    /// <summary>The socket's receive queue is full.</summary>
    UdpQueueFull,

    /// <summary>A segment for no connection; answered with RST.</summary>
    TcpNoSocket,

    /// <summary>A segment outside the receive window.</summary>
    TcpOutsideWindow,

    /// <summary>An acknowledgement of something never sent, or far too old. RFC 5961 section 5.</summary>
    TcpBadAck,

    /// <summary>A RST or SYN that did not match exactly; answered with a challenge ACK at most. RFC 5961 sections 3 and 4.</summary>
    TcpChallenged,

    /// <summary>A segment with flags that make no sense in its state.</summary>
    TcpBadFlags,

    /// <summary>Out-of-order data with no room for one more gap.</summary>
    TcpTooManyGaps,

    /// <summary>A SYN when the listener's queue of finished connections was full.</summary>
    TcpBacklogFull,

    /// <summary>A half-open connection gave way to a newer one.</summary>
    TcpHalfOpenEvicted,

    /// <summary>No connection slot was free.</summary>
    SocketLimit,

    /// <summary>The memory budget for buffers is spent.</summary>
    NoMemory,

    /// <summary>A reply was due, but the reply queue was full.</summary>
    ReplyQueueFull,

    /// <summary>A reply was due, but the rate limit forbade it.</summary>
    RateLimited,
}
