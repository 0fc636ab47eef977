namespace MeshIoT.NetStack;

/// <summary>The connection states of RFC 9293 section 3.3.2. LISTEN is <see cref="TcpListener"/>.</summary>
public enum TcpState
{
    /// <summary>No connection.</summary>
    Closed,

    /// <summary>SYN sent, waiting for the peer's.</summary>
    SynSent,

    /// <summary>Both SYNs seen, waiting for the acknowledgement of ours.</summary>
    SynReceived,

    /// <summary>Data may flow both ways.</summary>
    Established,

    /// <summary>This side closed; its FIN is not acknowledged yet.</summary>
    FinWait1,

    /// <summary>This side closed; the peer may still send.</summary>
    FinWait2,

    /// <summary>The peer closed; this side may still send.</summary>
    CloseWait,

    /// <summary>Both closed at once; our FIN is not acknowledged yet.</summary>
    Closing,

    /// <summary>The peer closed first; our FIN is not acknowledged yet.</summary>
    LastAck,

    /// <summary>Closed both ways; kept for a while for late segments.</summary>
    TimeWait,
}
