using System;
using System.Collections.Generic;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <content>Whom we talk to.</content>
public sealed partial class DiscoDevice
{
    /// <summary>Begins to keep what is found out about a peer. Endpoints: 18 bytes each, one after the other.</summary>
    public DiscoPeer Add(DiscoPublicKey key, ReadOnlySpan<byte> endpoints)
    {
        DiscoPeer peer = new(key, pace);
        peers.Add(peer);
        SetCandidates(peer, endpoints);
        return peer;
    }

    /// <summary>Forgets a peer. The secret shared with it stays for its pings, until another needs its place.</summary>
    public void Remove(DiscoPeer peer)
    {
        if (!peer.IsRemoved)
        {
            peer.IsRemoved = true;
            peer.Candidates.ForEach(CloseAll);
            CloseRelay(peer);
            peers.Remove(peer);
        }
    }

    /// <summary>The netmap says so now. Another key is another process: what the old one answered says nothing of the new one.</summary>
    public void Update(DiscoPeer peer, DiscoPublicKey key, ReadOnlySpan<byte> endpoints, long nowMs)
    {
        bool restarted = key != peer.Key;
        if (restarted)
        {
            secrets.Forget(peer.Key);
            peer.Candidates.ForEach(CloseAll);
            CloseRelay(peer);
            peer.Candidates.Clear();
            peer.KeyIsInvalid = false;
            peer.IsDoubted = false;
            peer.Key = key;
            if (peer.Chosen is not null)
            {
                Choose(peer, null);
            }
        }

        SetCandidates(peer, endpoints, nowMs);
        PingNew(peer, nowMs);
    }

    /// <summary>The peer pinged from here, or sent an authentic packet from here, so it may be here.</summary>
    public void Heard(DiscoPeer peer, ReadOnlySpan<byte> endpoint18, long nowMs)
    {
        Candidate? known = Find(peer.Candidates, endpoint18);
        if (known is null)
        {
            DropOldestLearned(peer);
            known = new Candidate(peer, endpoint18.ToArray());
            peer.Candidates.Add(known);
            PingNew(peer, nowMs);
        }
        else if (peer.WakeMs != DiscoPeer.Off && !peer.IsTrusted(nowMs) && nowMs - known.PingedMs >= DiscoTimes.PingSpacing)
        {
            // Its packets get through, so perhaps ours do now: no need to wait for the next search.
            Ping(known, nowMs);
        }

        known.Origin |= CandidateOrigin.Heard;
        known.HeardMs = nowMs;
    }

    /// <summary>The secret shared with this key is not needed any more: no peer of the netmap has it.</summary>
    public void ForgetKey(DiscoPublicKey key) => secrets.Forget(key);

    // While a peer is wanted and not surely found, a new endpoint need not wait for its turn.
    void PingNew(DiscoPeer peer, long nowMs)
    {
        if (peer.WakeMs == DiscoPeer.Off || peer.IsTrusted(nowMs))
        {
            return;
        }

        foreach (Candidate candidate in peer.Candidates)
        {
            if (candidate.PingedMs == Candidate.Never)
            {
                Ping(candidate, nowMs);
            }
        }
    }

    // What the netmap lists no more stays only while it answers, is pinged from, or the peer itself names it.
    void SetCandidates(DiscoPeer peer, ReadOnlySpan<byte> endpoints, long nowMs = 0)
    {
        foreach (Candidate candidate in peer.Candidates)
        {
            bool alive = candidate == peer.Chosen || (candidate.PongMs != Candidate.Never && nowMs - candidate.PongMs < DiscoTimes.HeardFor);
            bool dropped = (candidate.Origin & CandidateOrigin.Netmap) != 0 && alive;
            candidate.Origin = (candidate.Origin & ~CandidateOrigin.Netmap) | (dropped ? CandidateOrigin.Heard : CandidateOrigin.None);
        }

        int at = 0;
        for (; endpoints.Length >= DiscoDatagram.EndpointSize; endpoints = endpoints[DiscoDatagram.EndpointSize..], at++)
        {
            ReadOnlySpan<byte> endpoint = endpoints[..DiscoDatagram.EndpointSize];
            Candidate? candidate = Find(peer.Candidates, endpoint);
            if (candidate is null)
            {
                candidate = new Candidate(peer, endpoint.ToArray());
                peer.Candidates.Insert(Math.Min(at, peer.Candidates.Count), candidate);
            }

            candidate.Origin |= CandidateOrigin.Netmap;
        }

        DropOrphans(peer);
        while (DropOldestLearned(peer, MostLearned + 1))
        {
            // As many as are too many.
        }
    }

    // Those that nobody names any more.
    static bool IsOrphan(Candidate candidate) => candidate.Origin == CandidateOrigin.None && candidate != candidate.Peer.Chosen;

    void DropOrphans(DiscoPeer peer)
    {
        for (int i = peer.Candidates.Count - 1; i >= 0; i--)
        {
            if (IsOrphan(peer.Candidates[i]))
            {
                CloseAll(peer.Candidates[i]);
                peer.Candidates.RemoveAt(i);
            }
        }
    }

    // Endpoints that the peer once pinged from count for a while only.
    void DropExpired(DiscoPeer peer, long nowMs)
    {
        foreach (Candidate candidate in peer.Candidates)
        {
            if ((candidate.Origin & CandidateOrigin.Heard) != 0 && candidate != peer.Chosen
                && nowMs - Math.Max(candidate.HeardMs, candidate.PongMs) > DiscoTimes.HeardFor)
            {
                candidate.Origin &= ~CandidateOrigin.Heard;
            }
        }

        DropOrphans(peer);
    }

    bool DropOldestLearned(DiscoPeer peer, int most = MostLearned)
    {
        Candidate? oldest = null;
        int learned = 0;
        foreach (Candidate candidate in peer.Candidates)
        {
            learned += candidate.IsLearned ? 1 : 0;
            if (candidate.IsLearned && candidate != peer.Chosen && (oldest is null || candidate.HeardMs < oldest.HeardMs))
            {
                oldest = candidate;
            }
        }

        if (learned < most || oldest is null)
        {
            return false;
        }

        CloseAll(oldest);
        peer.Candidates.Remove(oldest);
        return true;
    }

    static Candidate? Find(List<Candidate> candidates, ReadOnlySpan<byte> endpoint18)
    {
        foreach (Candidate candidate in candidates)
        {
            if (endpoint18.SequenceEqual(candidate.Endpoint))
            {
                return candidate;
            }
        }

        return null;
    }
}
