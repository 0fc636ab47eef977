namespace MeshIoT.WireGuard;

/// <summary>Why a datagram or packet was dropped. Each value has a counter: <see cref="WireGuardDevice.DropCount"/>.</summary>
public enum DeviceFault
{
    /// <summary>Nothing went wrong.</summary>
    None,

    /// <summary>The datagram has not the length its type demands.</summary>
    WrongLength,

    /// <summary>The first four bytes name no message of WireGuard.</summary>
    UnknownType,

    /// <summary>mac1 is wrong: the sender does not know this device's public key.</summary>
    BadMac1,

    /// <summary>Under load and without a valid cookie: a cookie reply was sent instead of an answer.</summary>
    CookieRequired,

    /// <summary>Under load, and this source has sent more handshakes than its share.</summary>
    RateLimited,

    /// <summary>A public key in the message, or of the peer, has small order: the shared secret would be zero.</summary>
    InvalidPublicKey,

    /// <summary>The sealed identity or timestamp of an initiation does not open.</summary>
    ForgedInitiation,

    /// <summary>The initiation is genuine but its sender is no peer of this device.</summary>
    UnknownPeer,

    /// <summary>The initiation's timestamp is not newer than the last one accepted from this peer: a replay, or a clock that went back.</summary>
    StaleTimestamp,

    /// <summary>The peer's last accepted initiation is less than 20 ms old.</summary>
    InitiationFlood,

    /// <summary>No handshake or session of this device has this receiver index.</summary>
    UnknownIndex,

    /// <summary>The response does not open: not an answer to our initiation.</summary>
    ForgedResponse,

    /// <summary>The cookie reply does not open, or nothing was asked that it could answer.</summary>
    ForgedCookie,

    /// <summary>The session is older than 180 s.</summary>
    ExpiredSession,

    /// <summary>The packet counter has reached the end of its range.</summary>
    CounterExhausted,

    /// <summary>The data packet does not open.</summary>
    ForgedData,

    /// <summary>The data packet's counter was seen before or is too old for the replay window.</summary>
    ReplayedData,

    /// <summary>What was inside is no IPv4 or IPv6 packet of the length it claims.</summary>
    MalformedInner,

    /// <summary>The inner source address does not belong to the peer that sent it.</summary>
    SourceNotAllowed,

    /// <summary>The host's packet is no IPv4 or IPv6 packet.</summary>
    MalformedHostPacket,

    /// <summary>No peer has the destination address among its allowed IPs.</summary>
    NoRoute,

    /// <summary>A waiting packet was dropped, the oldest first, because its peer's queue was full.</summary>
    StagedOverflow,

    /// <summary>A waiting packet was dropped because no session came about.</summary>
    StagedExpired,

    /// <summary>The datagram is of another peer than the one that its carrier named; see <see cref="WireGuardDevice.NamedSender"/>.</summary>
    NotNamedSender,

    /// <summary>The device was wiped.</summary>
    Closed,
}
