using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Disco;
using MeshIoT.Health;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node;

/// <content>How peers are reached.</content>
public sealed partial class TailnetNode
{
    // A longer silence than the session of WireGuard lasts without a new handshake.
    const long ActiveMs = 180_000;

    /// <summary>How a peer is reached now, and why so. Throws no-such-node, node-is-self, not-in-tailnet.</summary>
    public async Task<PathReport> PathAsync(string hostOrIp, CancellationToken ct)
    {
        (IPAddress address, string name) = Find(hostOrIp);
        if (network.Self.Addresses.Contains(address))
        {
            throw Faults.NodeIsSelf.With(hostOrIp).ToException();
        }

        PathQuery query = new(address);
        engine.Post(query);
        PathFacts facts = await query.Done.WaitAsync(ct);
        NetworkView seen = network;
        DateTimeOffset booted = Booted;
        return new PathReport
        {
            Name = name,
            Address = address,
            NodeKey = facts.Plan.Key.ToString(),
            DiscoKey = facts.Plan.DiscoKey.IsZero ? null : facts.Plan.DiscoKey.ToString(),
            Reason = ReasonOf(facts),
            Direct = facts.Direct is { } direct ? Endpoints.ToIPEndPoint(direct) : null,
            TrustLeft = Span(facts.TrustLeftMs),
            Relay = seen.Relay(facts.Region, facts.Region == facts.Reached ? facts.ReachedIsConnected : facts.HomeIsConnected),
            HomeRelay = seen.Relay(facts.Plan.Home, facts.HomeIsConnected),
            ReachedBy = seen.Relay(facts.Reached, facts.ReachedIsConnected),
            LastHandshake = At(booted, facts.Cell?.LastHandshakeMs ?? -1),
            LastReceived = At(booted, facts.Cell?.LastReceivedMs ?? -1),
            Candidates = [.. facts.Candidates.Select(ToCandidate)],
        };
    }

    PeerStatus Merge(PeerStatus status, PeerCell cell, NetworkView seen)
    {
        DateTimeOffset booted = Booted;
        int region = cell.Region;
        long heardMs = cell.LastReceivedMs;
        return status with
        {
            Endpoint = cell.EndpointForPeople,
            Relay = region == 0 ? null : seen.RelayCode(region),
            Active = heardMs >= 0 && BootClock.NowMs - heardMs < ActiveMs,
            RxBytes = cell.ReceivedBytes,
            TxBytes = cell.SentBytes,
            LastHandshake = At(booted, cell.LastHandshakeMs),
            LastReceived = At(booted, heardMs),
        };
    }

    DateTimeOffset Booted => clock.GetUtcNow() - TimeSpan.FromMilliseconds(BootClock.NowMs);

    static DateTimeOffset? At(DateTimeOffset booted, long ms) => ms < 0 ? null : booted + TimeSpan.FromMilliseconds(ms);

    static TimeSpan? Span(long ms) => ms < 0 ? null : TimeSpan.FromMilliseconds(ms);

    static PathCandidate ToCandidate(CandidateFacts facts) => new(Endpoints.ToIPEndPoint(facts.Endpoint))
    {
        IsListed = facts.IsListed,
        IsCalled = facts.IsCalled,
        IsHeard = facts.IsHeard,
        IsChosen = facts.IsBest,
        PingedAgo = Span(facts.PingedAgoMs),
        AnsweredAgo = Span(facts.AnsweredAgoMs),
        IsSilent = facts.IsSilent,
        Latency = Span(facts.LatencyMs),
        Nearness = facts.Nearness,
        Speed = facts.Speed < 0 ? null : facts.Speed,
    };

    static PathReason ReasonOf(PathFacts facts)
    {
        if (!facts.IsPinged)
        {
            return PathReason.Idle;
        }

        if (facts.HasBest)
        {
            return facts.TrustLeftMs < 0 ? PathReason.Doubted : ReasonOfBest(facts);
        }

        return facts.Direct is not null ? PathReason.Heard : facts.Region != 0 ? PathReason.Relay : PathReason.None;
    }

    static PathReason ReasonOfBest(PathFacts facts)
    {
        CandidateFacts best = facts.Candidates.First(static candidate => candidate.IsBest);
        CandidateFacts[] others = [.. facts.Candidates.Where(static candidate => candidate is { IsBest: false, AnsweredAgoMs: >= 0, IsSilent: false })];
        return others.Length == 0 ? PathReason.Only
            : others.All(other => other.Nearness + other.Speed < best.Nearness + Math.Max(best.Speed, 0)) ? PathReason.Points
            : PathReason.Kept;
    }
}
