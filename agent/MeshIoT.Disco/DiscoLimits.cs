namespace MeshIoT.Disco;

/// <summary>How much work others may cause. The defaults suit a gateway.</summary>
public sealed record DiscoLimits
{
    /// <summary>Boxes opened per second for all senders together; what is beyond is dropped unread. A box costs microseconds.</summary>
    public int OpensPerSecond { get; init; } = 1000;

    /// <summary>Boxes opened per second for one sender, twice as many at once. Tailscale's clients send a few every three seconds.</summary>
    public int OpensPerSenderPerSecond { get; init; } = 50;

    /// <summary>Shared secrets computed per second because a datagram came. Each costs an X25519, tens of microseconds to a millisecond.</summary>
    public int SecretsPerSecond { get; init; } = 100;

    /// <summary>Shared secrets kept; the one unused for longest gives way.</summary>
    public int MostSecrets { get; init; } = 512;

    /// <summary>Longest datagram: a ping that probes for jumbo frames.</summary>
    public int LongestDatagram { get; init; } = 9000;
}
