using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using MeshIoT.LocalApi;
using MeshIoT.Node;

namespace MeshIoT.Web;

/// <summary>Pings and paths in the LocalAPI's wire form.</summary>
public static class PathMapping
{
    /// <summary>The answer to a ping.</summary>
    public static PingReplyDto ToDto(PingReply reply)
    {
        bool isSelf = reply.Endpoint is null && reply.Relay is null && reply.RoundTrip == TimeSpan.Zero;
        string path = isSelf ? "local" : PathOf(reply.Endpoint, reply.Relay);
        return new PingReplyDto(
            reply.Name, reply.Address.ToString(), path, reply.Endpoint?.ToString(), Math.Round(reply.RoundTrip.TotalMilliseconds, 3))
        {
            Kind = reply.Kind switch { PingKind.Disco => "disco", PingKind.Tsmp => "tsmp", _ => "icmp" },
            Relay = reply.Relay,
            RelayRegion = reply.Relay is null ? null : reply.RelayRegion,
            PeerApiPort = reply.PeerApiPort == 0 ? null : reply.PeerApiPort,
        };
    }

    /// <summary>"direct", "relay" or "-".</summary>
    public static string PathOf(IPEndPoint? endpoint, string? relay) => endpoint is not null ? "direct" : relay is not null ? "relay" : "-";

    /// <summary>How a peer is reached.</summary>
    public static PathDto ToDto(PathReport report) => new()
    {
        Name = report.Name,
        Address = report.Address.ToString(),
        NodeKey = report.NodeKey,
        DiscoKey = report.DiscoKey,
        Path = report is { Direct: not null, Relay: not null } ? "both" : PathOf(report.Direct, report.Relay?.Code),
        Reason = ReasonCode(report.Reason),
        Endpoint = report.Direct?.ToString(),
        TrustLeft = Milliseconds(report.TrustLeft),
        Relay = ToDto(report.Relay),
        HomeRelay = ToDto(report.HomeRelay),
        ReachedBy = ToDto(report.ReachedBy),
        LastHandshake = report.LastHandshake,
        LastReceived = report.LastReceived,
        Candidates = [.. report.Candidates.Select(candidate => ToDto(candidate, report.Candidates))],
    };

    /// <summary>A relay region.</summary>
    public static RelayDto? ToDto(RelayStatus? relay) => relay is null ? null : new RelayDto(relay.Region, relay.Code)
    {
        Name = relay.Name.Length == 0 ? null : relay.Name,
        Connected = relay.Connected,
    };

    static CandidateDto ToDto(PathCandidate candidate, IReadOnlyList<PathCandidate> all) => new()
    {
        Endpoint = candidate.Endpoint.ToString(),
        From = [.. Sources(candidate)],
        Verdict = Verdict(candidate, all),
        Pinged = Milliseconds(candidate.PingedAgo),
        Answered = Milliseconds(candidate.AnsweredAgo),
        Latency = Milliseconds(candidate.Latency),
        Nearness = candidate.Nearness,
        Speed = candidate.Speed,
    };

    static IEnumerable<string> Sources(PathCandidate candidate)
    {
        if (candidate.IsListed)
        {
            yield return "netmap";
        }

        if (candidate.IsCalled)
        {
            yield return "call-me-maybe";
        }

        if (candidate.IsHeard)
        {
            yield return "heard";
        }
    }

    static string Verdict(PathCandidate candidate, IReadOnlyList<PathCandidate> all)
    {
        if (candidate.IsChosen || candidate.AnsweredAgo is null)
        {
            return candidate.IsChosen ? "chosen" : candidate.PingedAgo is null ? "untried" : "silent";
        }

        PathCandidate? chosen = all.FirstOrDefault(static other => other.IsChosen);
        return !candidate.Answers || chosen is null ? "stale" : Points(candidate) < Points(chosen) ? "worse" : "close";
    }

    static int Points(PathCandidate candidate) => candidate.Nearness + (candidate.Speed ?? 0);

    static string ReasonCode(PathReason reason) => reason switch
    {
        PathReason.Points => "points",
        PathReason.Only => "only",
        PathReason.Kept => "kept",
        PathReason.Doubted => "doubted",
        PathReason.Heard => "heard",
        PathReason.Relay => "relay",
        PathReason.None => "none",
        _ => "idle",
    };

    static long? Milliseconds(TimeSpan? span) => span is { } time ? (long)time.TotalMilliseconds : null;
}
