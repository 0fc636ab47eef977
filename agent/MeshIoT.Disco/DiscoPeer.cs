using System.Collections.Generic;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <summary>A peer that something is sent to: where it may be, and where it has proved to be.</summary>
public sealed class DiscoPeer
{
    internal const long Off = long.MaxValue;

    internal readonly List<Candidate> Candidates = new(4);
    internal Candidate? Chosen;
    internal long WantedMs = Candidate.Never, FullPingMs = Candidate.Never, WakeMs = Off;
    internal bool KeyIsInvalid, IsRemoved;

    internal DiscoPeer(DiscoPublicKey key)
    {
        Key = key;
    }

    /// <summary>Its disco key now.</summary>
    public DiscoPublicKey Key { get; internal set; }

    /// <summary>Anything the caller wants to find again.</summary>
    public object? Tag { get; set; }

    /// <summary>The best endpoint that answered, 18 bytes never changed, or null.</summary>
    public byte[]? Best => Chosen?.Endpoint;

    /// <summary>Round trip to <see cref="Best"/> in milliseconds; -1 when there is none.</summary>
    public long LatencyMs => Chosen?.LatencyMs ?? -1;

    /// <summary>When <see cref="Best"/> last answered; -1 when there is none.</summary>
    public long LastPongMs => Chosen?.PongMs ?? -1;

    /// <summary>Whether it is pinged again and again: something was sent to it of late.</summary>
    public bool IsPinged => WakeMs != Off;

    /// <summary>Whether <see cref="Best"/> answered within the last 6.5 s.</summary>
    public bool IsTrusted(long nowMs) => Chosen is { } best && nowMs - best.PongMs <= DiscoTimes.TrustUdpAddrDuration;
}
