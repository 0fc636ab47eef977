using System;
using System.Collections.Generic;

namespace MeshIoT.Disco;

/// <content>
/// Pings that a person asked for. They are the same pings as all others and their pongs count the same; besides, the first of them
/// that is answered is told. data-plane.md section 7.5.
/// </content>
public sealed partial class DiscoDevice
{
    /// <summary>Trials that wait for an answer at one time.</summary>
    public const int MostTrials = 64;

    readonly List<Trial> trials = [];

    /// <summary>
    /// Pings a peer now: where it is known to be while that is certain, otherwise wherever it may be and by relay. The first answer is told,
    /// within a call of this device; none within 5 s means that none is told. False: there are too many trials already, or the
    /// peer's key is none that can be sealed for.
    /// </summary>
    public bool Try(DiscoPeer peer, PathAnswered answered, long nowMs)
    {
        trials.RemoveAll(trial => nowMs - trial.SinceMs > DiscoTimes.PingTimeout);
        if (peer.IsRemoved || trials.Count == MostTrials)
        {
            return false;
        }

        Want(peer, nowMs);
        Trial begun = new(peer, answered, nowMs);
        foreach (Candidate candidate in peer.Candidates)
        {
            if (!peer.IsTrusted(nowMs) || candidate == peer.Chosen)
            {
                // What was pinged this very moment, because the peer is wanted again, need not be pinged twice.
                if (candidate.OpenSinceMs != nowMs)
                {
                    Ping(candidate, nowMs);
                }

                begun.Pings.Add(candidate.Open);
            }
        }

        if (!peer.IsTrusted(nowMs) && PingByRelay(peer, nowMs))
        {
            begun.Pings.Add(peer.ByRelay!.Open);
        }

        if (peer.KeyIsInvalid)
        {
            return false;
        }

        trials.Add(begun);
        return true;
    }

    void EndTrials(in TransactionId answered, ReadOnlySpan<byte> endpoint18, long latencyMs)
    {
        for (int i = trials.Count - 1; i >= 0; i--)
        {
            if (trials[i].Pings.Contains(answered))
            {
                Trial trial = trials[i];
                trials.RemoveAt(i);
                trial.Answered(endpoint18, latencyMs);
            }
        }
    }

    sealed record Trial(DiscoPeer Peer, PathAnswered Answered, long SinceMs)
    {
        public List<TransactionId> Pings { get; } = new(4);
    }
}
