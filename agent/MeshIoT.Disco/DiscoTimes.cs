namespace MeshIoT.Disco;

/// <summary>What no <see cref="DiscoPace"/> changes, in milliseconds. data-plane.md section 2.6.</summary>
internal static class DiscoTimes
{
    /// <summary>A latency that is not worth bettering.</summary>
    public const long GoodEnoughLatency = 5;

    /// <summary>An endpoint that is silent for so long after a ping does not answer.</summary>
    public const long PingTimeout = 5_000;

    /// <summary>Least distance of two pings to one endpoint in a search.</summary>
    public const long PingSpacing = 150;

    /// <summary>An endpoint that was learned from the peer's pings counts for so long after the last of them.</summary>
    public const long HeardFor = 45_000;

    /// <summary>A peer that calls is looked for during this time, even when nothing is sent to it.</summary>
    public const long CalledFor = 3_000;

    /// <summary>A caller whose pings do not come within so long after its pong is called back.</summary>
    public const long CallBackAfter = 100;

    /// <summary>Least distance of two calls to one peer.</summary>
    public const long CallSpacing = 250;

    /// <summary>Least distance of two searches that traffic by relay pays for.</summary>
    public const long EagerGap = 1_000;

    /// <summary>What a ping costs on the wire, in bytes: 124 of disco, and UDP and IPv4.</summary>
    public const long BytesOfPing = 152;

    /// <summary>What a call costs, in bytes: about ten places, and the relay's frame.</summary>
    public const long BytesOfCall = 300;
}
