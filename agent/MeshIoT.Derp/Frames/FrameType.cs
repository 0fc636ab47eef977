namespace MeshIoT.Derp;

/// <summary>The first byte of a frame. Others are skipped by both sides. data-plane.md section 4.2.</summary>
#pragma warning disable CA1028 // It is a byte on the wire.
public enum FrameType : byte
#pragma warning restore CA1028
{
    /// <summary>No frame has this type.</summary>
    None = 0,

    /// <summary>Relay to client, first of all: the relay's public key.</summary>
    ServerKey = 0x01,

    /// <summary>Client to relay: who it is, and a box that proves it.</summary>
    ClientInfo = 0x02,

    /// <summary>Relay to client: accepted; a box with the relay's version and limits.</summary>
    ServerInfo = 0x03,

    /// <summary>Client to relay: a packet for another client.</summary>
    SendPacket = 0x04,

    /// <summary>Relay to client: a packet of another client.</summary>
    RecvPacket = 0x05,

    /// <summary>Relay to client: nothing to say, still there.</summary>
    KeepAlive = 0x06,

    /// <summary>Client to relay: whether this is its home.</summary>
    NotePreferred = 0x07,

    /// <summary>Relay to client: a peer it has corresponded with is not here.</summary>
    PeerGone = 0x08,

    /// <summary>Relay to another relay of its region: a client is here.</summary>
    PeerPresent = 0x09,

    /// <summary>Relay to another relay of its region: a packet for one of its clients.</summary>
    ForwardPacket = 0x0a,

    /// <summary>A relay asks another of its region to tell of its clients.</summary>
    WatchConns = 0x10,

    /// <summary>A relay asks another of its region to close a client's connection.</summary>
    ClosePeer = 0x11,

    /// <summary>Either side: send these eight bytes back.</summary>
    Ping = 0x12,

    /// <summary>Either side: the eight bytes of a ping.</summary>
    Pong = 0x13,

    /// <summary>Relay to client: what is wrong with the connection; empty when nothing is any more.</summary>
    Health = 0x14,

    /// <summary>Relay to client: it is about to restart.</summary>
    Restarting = 0x15,
}
