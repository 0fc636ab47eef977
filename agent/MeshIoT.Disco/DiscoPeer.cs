using System.Collections.Generic;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <summary>A peer that something is sent to: where it may be, and where it has proved to be.</summary>
public sealed class DiscoPeer
{
    internal const long Off = long.MaxValue;

    internal readonly List<Candidate> Candidates = new(4);
    internal readonly DiscoPace Pace;
    internal Candidate? Chosen;

    // The way through a relay, asked only when a person wants to know. It is never the best one.
    internal Candidate? ByRelay;
    internal long WantedMs = long.MinValue / 2, CalledMs = long.MinValue / 2, CallMs = long.MinValue / 2, CallBackMs = Off;
    internal long FullPingMs = Candidate.Never, WakeMs = Off, NextSearchMs, CarriedBytes;
    internal int SearchStep;
    internal TokenBucket CalledPings = new(DiscoDevice.MostCalled * 2, DiscoDevice.MostCalled * 4);
    internal bool KeyIsInvalid, IsRemoved, SaidTrusted;

    internal DiscoPeer(DiscoPublicKey key, DiscoPace pace)
    {
        Key = key;
        Pace = pace;
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

    /// <summary>There is reason to think that <see cref="Best"/> does not work any more; ends with its next pong.</summary>
    public bool IsDoubted { get; internal set; }

    /// <summary>Whether <see cref="Best"/> answered lately (6.5 s by default) and there is no reason to doubt it.</summary>
    public bool IsTrusted(long nowMs) => Chosen is { } best && !IsDoubted && nowMs - best.PongMs <= Pace.TrustMs;

    /// <summary>How long the last pong still speaks for <see cref="Best"/>; -1 when it does not.</summary>
    public long TrustLeftMs(long nowMs) => IsTrusted(nowMs) ? Chosen!.PongMs + Pace.TrustMs - nowMs : -1;
}
