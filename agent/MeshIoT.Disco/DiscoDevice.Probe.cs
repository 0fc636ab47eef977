using System;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <content>Finding out where a peer is, and whether it is still there. data-plane.md sections 2.6 and 2.7.</content>
public sealed partial class DiscoDevice
{
    readonly byte[] draw = new byte[TransactionId.Size];

    /// <summary>Something is being sent to the peer: it is pinged at once when it was not wanted of late, and from then on by <see cref="Poll"/>.</summary>
    public void Want(DiscoPeer peer, long nowMs)
    {
        peer.WantedMs = nowMs;
        if (peer.WakeMs == DiscoPeer.Off && !peer.IsRemoved)
        {
            Tick(peer, nowMs);
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

    void Tick(DiscoPeer peer, long nowMs)
    {
        if (nowMs - peer.WantedMs > DiscoTimes.SessionActiveTimeout || peer.KeyIsInvalid)
        {
            peer.WakeMs = DiscoPeer.Off;
            return;
        }

        bool trusted = peer.IsTrusted(nowMs);
        if (peer.Chosen is { } used && !trusted && used.IsSilent(nowMs))
        {
            Choose(peer, null);
        }

        if (peer.Chosen is { } best && nowMs - best.PingedMs >= DiscoTimes.HeartbeatInterval)
        {
            Ping(best, nowMs);
        }

        bool upgrade = peer.LatencyMs > DiscoTimes.GoodEnoughLatency && nowMs - peer.FullPingMs >= DiscoTimes.UpgradeInterval;
        if (!trusted || peer.FullPingMs == Candidate.Never || upgrade)
        {
            PingAll(peer, nowMs);
        }

        peer.WakeMs = nowMs + DiscoTimes.HeartbeatInterval;
        nextWakeMs = Math.Min(nextWakeMs, peer.WakeMs);
    }

    void PingAll(DiscoPeer peer, long nowMs)
    {
        peer.FullPingMs = nowMs;
        foreach (Candidate candidate in peer.Candidates)
        {
            if (candidate.PingedMs == Candidate.Never || nowMs - candidate.PingedMs >= DiscoTimes.DiscoPingInterval)
            {
                Ping(candidate, nowMs);
            }
        }
    }

    void Ping(Candidate candidate, long nowMs)
    {
        DiscoPeer peer = candidate.Peer;
        if (peer.KeyIsInvalid)
        {
            return;
        }

        Correspondent? to = secrets.Find(peer.Key, nowMs) ?? secrets.Compute(peer.Key, nowMs);
        if (to is null)
        {
            peer.KeyIsInvalid = true;
            return;
        }

        random.Fill(draw, 0, draw.Length);
        if (candidate.OpenBeforeSinceMs != Candidate.Never)
        {
            transactions.Remove(candidate.OpenBefore);
        }

        (candidate.OpenBefore, candidate.OpenBeforeSinceMs) = (candidate.Open, candidate.OpenSinceMs);
        (candidate.Open, candidate.OpenSinceMs, candidate.PingedMs) = (TransactionId.Read(draw), nowMs, nowMs);
        transactions[candidate.Open] = candidate;
        PingsSent++;
        Seal(to, new PingMessage(candidate.Open, self).Write(message), candidate.Endpoint);
    }

    void Confirm(Candidate candidate, long latencyMs, long nowMs)
    {
        DiscoPeer peer = candidate.Peer;
        bool trusted = peer.IsTrusted(nowMs);
        candidate.LatencyMs = latencyMs;
        candidate.PongMs = nowMs;
        if (peer.Chosen != candidate && (peer.Chosen is null || !trusted || PathChoice.IsBetter(candidate, peer.Chosen)))
        {
            Choose(peer, candidate);
        }
    }

    void Choose(DiscoPeer peer, Candidate? candidate)
    {
        peer.Chosen = candidate;
        host.BestChanged(peer);
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
