using System.Collections.Generic;

namespace MeshIoT.Disco;

/// <content>What a person may want to know of a peer's paths.</content>
public sealed partial class DiscoDevice
{
    /// <summary>All endpoints where the peer may be, in the order in which they are tried, with what decided between them.</summary>
    public static IReadOnlyList<CandidateFacts> Explain(DiscoPeer peer, long nowMs)
    {
        List<CandidateFacts> facts = new(peer.Candidates.Count);
        foreach (Candidate candidate in peer.Candidates)
        {
            Candidate? against = candidate == peer.Chosen ? FastestOther(peer, candidate) : peer.Chosen;
            bool comparable = against is not null && candidate.PongMs != Candidate.Never;
            facts.Add(new CandidateFacts(candidate.Endpoint)
            {
                IsListed = (candidate.Origin & CandidateOrigin.Netmap) != 0,
                IsCalled = (candidate.Origin & CandidateOrigin.Called) != 0,
                IsHeard = (candidate.Origin & CandidateOrigin.Heard) != 0,
                IsBest = candidate == peer.Chosen,
                PingedAgoMs = Ago(candidate.PingedMs, nowMs),
                AnsweredAgoMs = Ago(candidate.PongMs, nowMs),
                IsSilent = candidate.IsSilent(nowMs),
                LatencyMs = candidate.PongMs == Candidate.Never ? -1 : candidate.LatencyMs,
                Nearness = PathChoice.NearnessOf(candidate.Endpoint),
                Speed = comparable ? PathChoice.SpeedOf(candidate, against!) : -1,
            });
        }

        return facts;
    }

    static long Ago(long atMs, long nowMs) => atMs == Candidate.Never ? -1 : nowMs - atMs;

    static Candidate? FastestOther(DiscoPeer peer, Candidate than)
    {
        Candidate? fastest = null;
        foreach (Candidate other in peer.Candidates)
        {
            if (other != than && other.PongMs != Candidate.Never && (fastest is null || other.LatencyMs < fastest.LatencyMs))
            {
                fastest = other;
            }
        }

        return fastest;
    }
}
