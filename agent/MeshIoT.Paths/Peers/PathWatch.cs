using System;
using MeshIoT.Disco;

namespace MeshIoT.Paths.Peers;

/// <summary>
/// Finds out within half a second that a direct path broke under traffic, where heartbeats would take 6.5 s. What asks for an answer and
/// gets nothing back makes a ping; a ping without its pong makes a doubt, and doubted paths have the relay beside them. A peer that
/// answers pings but has nothing to say is asked ever more rarely. Milliseconds; one thread.
/// </summary>
public sealed class PathWatch
{
    // A little more than the longest delayed acknowledgement of TCP, then a round trip and some.
    const long SilenceMs = 200, LeastMarginMs = 50, LeastPongMs = 100, PongMarginMs = 40;
    const long FirstBackoffMs = 500, MostBackoffMs = 3_000, RecentMs = 300, FirstRelayPauseMs = 1_000, MostRelayPauseMs = 30_000;
    const long FirstMovePauseMs = 500, MostMovePauseMs = 4_000;
    const long Never = -1;

    long unansweredMs = Never, probedMs = Never, aliveMs = Never, backoffMs, relayDoubtMs = Never, relayPauseMs = FirstRelayPauseMs;
    long movedMs = Never, movePauseMs = FirstMovePauseMs;

    /// <summary>When <see cref="Poll"/> has something to do; <see cref="long.MaxValue"/>: never.</summary>
    public long NextMs { get; private set; } = long.MaxValue;

    /// <summary>Something that asks for an answer went over the direct path alone; <paramref name="latencyMs"/> is that of its last ping.</summary>
    public void Sent(long nowMs, long latencyMs)
    {
        if (unansweredMs == Never)
        {
            unansweredMs = nowMs;
            NextMs = Math.Min(NextMs, nowMs + Patience(latencyMs));
        }
    }

    /// <summary>An authentic packet came over the direct path.</summary>
    public void Alive(long nowMs)
    {
        aliveMs = nowMs;
        unansweredMs = probedMs = Never;
        backoffMs = 0;
        relayPauseMs = FirstRelayPauseMs;
        movePauseMs = FirstMovePauseMs;
    }

    /// <summary>
    /// An authentic packet came by relay while the direct path is trusted: the peer has no such trust. True when there was no sign of
    /// life over the direct path of late; then the path is to be doubted. A relay that only happens to be faster does so ever more rarely.
    /// </summary>
    public bool Relayed(long nowMs, long lastPongMs)
    {
        bool recently = nowMs - Math.Max(aliveMs, lastPongMs) < RecentMs;
        if (recently || (relayDoubtMs != Never && nowMs - relayDoubtMs < relayPauseMs))
        {
            return false;
        }

        relayPauseMs = relayDoubtMs == Never ? FirstRelayPauseMs : Math.Min(relayPauseMs * 2, MostRelayPauseMs);
        relayDoubtMs = nowMs;
        return true;
    }

    /// <summary>
    /// An authentic packet came directly, from another place than the trusted one. True when that is to be pinged now: at once, and then ever more
    /// rarely while nothing comes from it, for there are peers that send by another way than they receive.
    /// </summary>
    public bool Moved(long nowMs)
    {
        if (probedMs != Never || (movedMs != Never && nowMs - movedMs < movePauseMs))
        {
            return false;
        }

        movePauseMs = movedMs == Never ? FirstMovePauseMs : Math.Min(movePauseMs * 2, MostMovePauseMs);
        movedMs = nowMs;
        return true;
    }

    /// <summary>The direct path was just pinged because the peer seems to look for us: a missing pong counts as one after silence.</summary>
    public void Probed(long nowMs, long latencyMs)
    {
        if (probedMs == Never)
        {
            probedMs = nowMs;
            NextMs = Math.Min(NextMs, nowMs + PongPatience(latencyMs));
        }
    }

    /// <summary>What is due.</summary>
    public PathStep Poll(DiscoPeer peer, long nowMs)
    {
        if (nowMs < NextMs)
        {
            return PathStep.None;
        }

        if (!peer.IsTrusted(nowMs))
        {
            Reset();
            return PathStep.None;
        }

        if (probedMs != Never)
        {
            return PollPong(peer, nowMs);
        }

        NextMs = unansweredMs == Never ? long.MaxValue : unansweredMs + Patience(peer.LatencyMs);
        if (nowMs < NextMs)
        {
            return PathStep.None;
        }

        probedMs = nowMs;
        NextMs = nowMs + PongPatience(peer.LatencyMs);
        return PathStep.Probe;
    }

    /// <summary>Nothing is watched until something is sent again.</summary>
    public void Reset()
    {
        unansweredMs = probedMs = Never;
        backoffMs = 0;
        NextMs = long.MaxValue;
    }

    PathStep PollPong(DiscoPeer peer, long nowMs)
    {
        if (peer.LastPongMs >= probedMs)
        {
            unansweredMs = probedMs = Never;
            backoffMs = Math.Clamp(backoffMs * 2, FirstBackoffMs, MostBackoffMs);
            NextMs = long.MaxValue;
            return PathStep.None;
        }

        NextMs = probedMs + PongPatience(peer.LatencyMs);
        if (nowMs < NextMs)
        {
            return PathStep.None;
        }

        Reset();
        return PathStep.Doubt;
    }

    long Patience(long latencyMs) => Math.Max(backoffMs, SilenceMs + Math.Max(LeastMarginMs, latencyMs + (latencyMs / 4)));

    static long PongPatience(long latencyMs) => Math.Max(LeastPongMs, latencyMs + (latencyMs / 2) + PongMarginMs);
}
