namespace MeshIoT.Disco;

/// <summary>Names and values of data-plane.md section 2.6, in milliseconds.</summary>
internal static class DiscoTimes
{
    /// <summary>Between pings of the endpoint in use.</summary>
    public const long HeartbeatInterval = 3_000;

    /// <summary>How long a pong speaks for an endpoint.</summary>
    public const long TrustUdpAddrDuration = 6_500;

    /// <summary>Pings end this long after the last packet for the peer.</summary>
    public const long SessionActiveTimeout = 45_000;

    /// <summary>Between looks for a better endpoint than a slow one.</summary>
    public const long UpgradeInterval = 60_000;

    /// <summary>A latency that is not worth bettering.</summary>
    public const long GoodEnoughLatency = 5;

    /// <summary>Least distance of two pings to one endpoint that is not in use.</summary>
    public const long DiscoPingInterval = 5_000;

    /// <summary>An endpoint that is silent for so long after a ping does not answer.</summary>
    public const long PingTimeout = 5_000;
}
