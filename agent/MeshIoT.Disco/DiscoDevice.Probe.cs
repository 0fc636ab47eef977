using System;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <content>Finding out where a peer is, and whether it is still there. data-plane.md sections 2.6 and 2.7.</content>
public sealed partial class DiscoDevice
{
    // When a search has come so far without success, perhaps what peers are told of us is not true any more.
    const int SuspectStep = 3;

    readonly byte[] draw = new byte[TransactionId.Size];

    /// <summary>Something is being sent to the peer: it is pinged at once when it was not wanted of late, and from then on by <see cref="Poll"/>.</summary>
    public void Want(DiscoPeer peer, long nowMs)
    {
        bool anew = !IsWanted(peer, nowMs);
        peer.WantedMs = nowMs;
        if (anew && !peer.IsRemoved)
        {
            Begin(peer, nowMs);
        }
    }

    /// <summary>
    /// <see cref="DiscoPeer.Best"/> may not work any more: it is not trusted until its next pong, and the peer is looked for everywhere at
    /// once.
    /// </summary>
    public void Doubt(DiscoPeer peer, long nowMs)
    {
        if (peer.IsRemoved || peer.IsDoubted)
        {
            return;
        }

        peer.IsDoubted = peer.Chosen is not null;
        SayTrust(peer, nowMs);
        if (IsWanted(peer, nowMs))
        {
            Begin(peer, nowMs);
        }
    }

    /// <summary>An authentic packet of the peer came from this endpoint: if it is the best one, there is no reason for doubt.</summary>
    public void Vouch(DiscoPeer peer, ReadOnlySpan<byte> endpoint18, long nowMs)
    {
        if (peer.IsDoubted && peer.Chosen is { } best && endpoint18.SequenceEqual(best.Endpoint))
        {
            peer.IsDoubted = false;
            SayTrust(peer, nowMs);
        }
    }

    /// <summary>Pings <see cref="DiscoPeer.Best"/> before its time, to see whether it still works; false when there is none.</summary>
    public bool Probe(DiscoPeer peer, long nowMs)
    {
        if (peer.IsRemoved || peer.Chosen is not { } best)
        {
            return false;
        }

        Ping(best, nowMs);
        return true;
    }

    /// <summary>The peer is looked for anew, if it is wanted and no path to it is sure: there is news of where we are.</summary>
    public void Look(DiscoPeer peer, long nowMs)
    {
        if (!peer.IsRemoved && !peer.IsTrusted(nowMs) && IsWanted(peer, nowMs))
        {
            Begin(peer, nowMs);
        }
    }

    /// <summary>This machine is on another network than before: nothing that was found out counts, and who is wanted is looked for at once.</summary>
    public void Forget(long nowMs)
    {
        foreach (DiscoPeer peer in peers)
        {
            foreach (Candidate candidate in peer.Candidates)
            {
                CloseAll(candidate);
                candidate.PingedMs = candidate.PongMs = candidate.AskedSinceMs = Candidate.Never;
            }

            CloseRelay(peer);

            peer.IsDoubted = false;
            if (peer.Chosen is not null)
            {
                Choose(peer, null);
            }

            if (IsWanted(peer, nowMs))
            {
                Begin(peer, nowMs);
            }
        }
    }

    /// <summary>Sends the pings that are due. Later is allowed, more often costs a comparison.</summary>
    public void Poll(long nowMs)
    {
        if (nowMs < nextWakeMs)
        {
            return;
        }

        long next = DiscoPeer.Off;
        foreach (DiscoPeer peer in peers)
        {
            if (peer.WakeMs <= nowMs)
            {
                Tick(peer, nowMs);
            }

            next = Math.Min(next, peer.WakeMs);
        }

        nextWakeMs = next;
    }

    static bool IsWanted(DiscoPeer peer, long nowMs) => nowMs - peer.WantedMs <= peer.Pace.ActiveMs;

    void Begin(DiscoPeer peer, long nowMs)
    {
        peer.SearchStep = 0;
        peer.NextSearchMs = nowMs;
        Tick(peer, nowMs);
    }

    void Tick(DiscoPeer peer, long nowMs)
    {
        bool wanted = IsWanted(peer, nowMs);
        if ((!wanted && nowMs - peer.CalledMs > DiscoTimes.CalledFor) || peer.KeyIsInvalid)
        {
            peer.WakeMs = DiscoPeer.Off;
            return;
        }

        DropExpired(peer, nowMs);
        if (peer.Chosen is { } used && !peer.IsTrusted(nowMs) && used.IsSilent(nowMs))
        {
            Choose(peer, null);
        }

        CallBack(peer, nowMs);
        if (wanted)
        {
            SayTrust(peer, nowMs);
        }

        if (wanted && peer.Chosen is { } best && nowMs - best.PingedMs >= peer.Pace.HeartbeatMs)
        {
            Ping(best, nowMs);
        }

        Search(peer, wanted, nowMs);
        peer.WakeMs = DiscoPeer.Off;
        WakeAt(peer, NextTick(peer, wanted, nowMs));
    }

    void Search(DiscoPeer peer, bool wanted, long nowMs)
    {
        if (peer.IsTrusted(nowMs))
        {
            peer.SearchStep = 0;
            peer.NextSearchMs = nowMs;
            bool upgrade = peer.LatencyMs > DiscoTimes.GoodEnoughLatency && nowMs - peer.FullPingMs >= peer.Pace.UpgradeMs;
            if (wanted && (peer.FullPingMs == Candidate.Never || upgrade))
            {
                PingAll(peer, nowMs);
            }
        }
        else if (nowMs >= peer.NextSearchMs)
        {
            PingAll(peer, nowMs);
            peer.NextSearchMs = nowMs + peer.Pace.SearchGapMs(peer.SearchStep++);
            if (wanted && nowMs - peer.CallMs >= DiscoTimes.CallSpacing && !peer.KeyIsInvalid)
            {
                peer.CallMs = nowMs;
                host.CallDue(peer, isSuspect: peer.IsDoubted || peer.SearchStep == SuspectStep, nowMs);
            }
        }
    }

    static long NextTick(DiscoPeer peer, bool wanted, long nowMs)
    {
        long next = nowMs + peer.Pace.HeartbeatMs;
        if (!peer.IsTrusted(nowMs))
        {
            next = Math.Min(next, peer.NextSearchMs);
        }
        else if (peer.Chosen is { } best)
        {
            next = Math.Min(next, best.PongMs + peer.Pace.TrustMs + 1);
            next = wanted ? Math.Min(next, best.PingedMs + peer.Pace.HeartbeatMs) : next;
        }

        return Math.Max(Math.Min(next, peer.CallBackMs), nowMs + 1);
    }

    void WakeAt(DiscoPeer peer, long atMs)
    {
        peer.WakeMs = Math.Min(peer.WakeMs, atMs);
        nextWakeMs = Math.Min(nextWakeMs, atMs);
    }

    void PingAll(DiscoPeer peer, long nowMs)
    {
        peer.FullPingMs = nowMs;
        peer.CarriedBytes = 0;
        foreach (Candidate candidate in peer.Candidates)
        {
            if (candidate.PingedMs == Candidate.Never || nowMs - candidate.PingedMs >= DiscoTimes.PingSpacing)
            {
                Ping(candidate, nowMs);
            }
        }
    }

    void Ping(Candidate candidate, long nowMs)
    {
        if (SealPing(candidate, nowMs, out ReadOnlySpan<byte> ping))
        {
            host.Send(ping, candidate.Endpoint);
        }
    }

    bool PingByRelay(DiscoPeer peer, long nowMs)
    {
        peer.ByRelay ??= new Candidate(peer, RelayEndpoint.Of(0));
        if (SealPing(peer.ByRelay, nowMs, out ReadOnlySpan<byte> ping) && host.Relay(ping, peer))
        {
            return true;
        }

        CloseAll(peer.ByRelay);
        return false;
    }

    bool SealPing(Candidate candidate, long nowMs, out ReadOnlySpan<byte> ping)
    {
        ping = default;
        if (SecretOf(candidate.Peer, nowMs) is not { } to)
        {
            return false;
        }

        random.Fill(draw, 0, draw.Length);
        if (candidate.OpenBeforeSinceMs != Candidate.Never)
        {
            transactions.Remove(candidate.OpenBefore);
        }

        (candidate.OpenBefore, candidate.OpenBeforeSinceMs) = (candidate.Open, candidate.OpenSinceMs);
        (candidate.Open, candidate.OpenSinceMs, candidate.PingedMs) = (TransactionId.Read(draw), nowMs, nowMs);
        candidate.AskedSinceMs = candidate.AskedSinceMs == Candidate.Never ? nowMs : candidate.AskedSinceMs;
        transactions[candidate.Open] = candidate;
        PingsSent++;
        ping = Seal(to, new PingMessage(candidate.Open, self).Write(message));
        return true;
    }

    Correspondent? SecretOf(DiscoPeer peer, long nowMs)
    {
        if (peer.KeyIsInvalid)
        {
            return null;
        }

        Correspondent? to = secrets.Find(peer.Key, nowMs) ?? secrets.Compute(peer.Key, nowMs);
        peer.KeyIsInvalid = to is null;
        return to;
    }

    void Confirm(Candidate candidate, long latencyMs, long nowMs)
    {
        DiscoPeer peer = candidate.Peer;
        bool trusted = peer.IsTrusted(nowMs);
        candidate.LatencyMs = latencyMs;
        candidate.PongMs = nowMs;
        candidate.AskedSinceMs = Candidate.Never;
        peer.IsDoubted &= peer.Chosen != candidate;
        if (peer.Chosen != candidate && (peer.Chosen is null || !trusted || PathChoice.IsBetter(candidate, peer.Chosen)))
        {
            PlanCallBack(peer, latencyMs, nowMs);
            Choose(peer, candidate);
        }

        SayTrust(peer, nowMs);
    }

    void Choose(DiscoPeer peer, Candidate? candidate)
    {
        peer.Chosen = candidate;
        peer.IsDoubted = false;
        peer.SaidTrusted = candidate is not null;
        host.BestChanged(peer);
    }

    void SayTrust(DiscoPeer peer, long nowMs)
    {
        if (peer.IsTrusted(nowMs) != peer.SaidTrusted)
        {
            peer.SaidTrusted = !peer.SaidTrusted;
            host.TrustChanged(peer);
        }
    }

    void CloseRelay(DiscoPeer peer)
    {
        if (peer.ByRelay is { } way)
        {
            CloseAll(way);
        }
    }

    void CloseAll(Candidate candidate)
    {
        if (candidate.OpenSinceMs != Candidate.Never)
        {
            transactions.Remove(candidate.Open);
        }

        if (candidate.OpenBeforeSinceMs != Candidate.Never)
        {
            transactions.Remove(candidate.OpenBefore);
        }

        candidate.OpenSinceMs = candidate.OpenBeforeSinceMs = Candidate.Never;
    }
}
