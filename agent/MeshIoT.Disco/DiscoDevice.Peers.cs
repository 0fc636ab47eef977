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
        DiscoPeer peer = new(key);
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
            peer.Candidates.Clear();
            peer.KeyIsInvalid = false;
            peer.Key = key;
            if (peer.Chosen is not null)
            {
                Choose(peer, null);
            }
        }

        SetCandidates(peer, endpoints, nowMs);
        PingNew(peer, nowMs);
    }

    /// <summary>The peer pinged from here, so it may be here.</summary>
    public void Heard(DiscoPeer peer, ReadOnlySpan<byte> endpoint18, long nowMs)
    {
        Candidate? known = Find(peer.Candidates, endpoint18);
        if (known is null)
        {
            DropOldestLearned(peer);
            known = new Candidate(peer, endpoint18.ToArray()) { IsLearned = true };
            peer.Candidates.Add(known);
            PingNew(peer, nowMs);
        }

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

    // What the netmap lists no more stays only while it answers or is pinged from.
    void SetCandidates(DiscoPeer peer, ReadOnlySpan<byte> endpoints, long nowMs = 0)
    {
        List<Candidate> before = [.. peer.Candidates];
        peer.Candidates.Clear();
        for (; endpoints.Length >= DiscoDatagram.EndpointSize; endpoints = endpoints[DiscoDatagram.EndpointSize..])
        {
            ReadOnlySpan<byte> endpoint = endpoints[..DiscoDatagram.EndpointSize];
            Candidate candidate = Find(before, endpoint) ?? new Candidate(peer, endpoint.ToArray());
            candidate.IsLearned = false;
            peer.Candidates.Add(candidate);
            before.Remove(candidate);
        }

        foreach (Candidate left in before)
        {
            bool alive = left == peer.Chosen || left.IsLearned || (left.PongMs != Candidate.Never && nowMs - left.PongMs < DiscoTimes.SessionActiveTimeout);
            if (alive)
            {
                DropOldestLearned(peer);
                left.IsLearned = true;
                peer.Candidates.Add(left);
            }
            else
            {
                CloseAll(left);
            }
        }
    }

    void DropOldestLearned(DiscoPeer peer)
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

        if (learned >= MostLearned && oldest is not null)
        {
            CloseAll(oldest);
            peer.Candidates.Remove(oldest);
        }
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
