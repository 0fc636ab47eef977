namespace MeshIoT.WireGuard;

/// <summary>Names and values of the WireGuard paper, section 6.1, and of the reference implementations where the paper is silent.</summary>
internal static class ProtocolLimits
{
    public const ulong RekeyAfterMessages = 1UL << 60;
    public const ulong RejectAfterMessages = ulong.MaxValue - (1UL << 13);
    public const long RekeyAfterTimeMs = 120000;
    public const long RejectAfterTimeMs = 180000;
    public const long RekeyAttemptTimeMs = 90000;
    public const long RekeyTimeoutMs = 5000;
    public const long KeepaliveTimeoutMs = 10000;

    /// <summary>0 to 333 ms are added to every handshake delay, so that two peers do not keep colliding.</summary>
    public const int RekeyTimeoutJitterMs = 334;

    /// <summary>The initiator renews a session it only receives on when it has less than this to live.</summary>
    public const long RekeyOnReceiveAfterMs = RejectAfterTimeMs - KeepaliveTimeoutMs - RekeyTimeoutMs;

    /// <summary>Key material is wiped this long after the last key was derived.</summary>
    public const long ZeroKeyMaterialAfterMs = 3 * RejectAfterTimeMs;

    /// <summary>Least distance of two accepted initiations of one peer.</summary>
    public const long HandshakeInitiationRateMs = 20;

    /// <summary>Initiations that may go before their time for each that was due: a path that comes and goes must make no storm.</summary>
    public const int MostEarlyInitiations = 2;

    /// <summary>Least distance of an early initiation from the last: more than <see cref="HandshakeInitiationRateMs"/>, for networks that bunch datagrams.</summary>
    public const long EarlyInitiationAfterMs = 50;

    /// <summary>Life of a cookie and of the secret behind it.</summary>
    public const long CookieRefreshTimeMs = 120000;

    /// <summary>How long a burst of handshakes keeps the device under load.</summary>
    public const long UnderLoadAfterTimeMs = 1000;

    public const int PaddingMultiple = 16;
    public const int MaxPeers = 65536;
    public const int KeySize = 32;
    public const int TagSize = 16;
    public const int TimestampSize = 12;

    /// <summary>Bytes of an endpoint: an IPv6 or v4-mapped address and a big-endian port.</summary>
    public const int EndpointSize = 18;
}
