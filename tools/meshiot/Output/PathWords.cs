using System;
using System.Globalization;
using System.Linq;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Output;

/// <summary>Paths in words.</summary>
internal static class PathWords
{
    /// <summary>"3.2 s ago", "never".</summary>
    public static string Ago(long? ms) => ms is { } past ? Span(past) + " ago" : "never";

    /// <summary>"direct 192.0.2.7:41641, sure for 3.2 s", "relay "mesh"".</summary>
    public static string InUse(PathDto path)
    {
        string trust = path.TrustLeft is { } left ? $", sure for {Span(left)}" : "";
        return path.Path switch
        {
            "direct" => $"direct {path.Endpoint}{trust}",
            "both" => $"direct {path.Endpoint} and relay {Relay(path.Relay)}, since neither is sure",
            "relay" => $"relay {Relay(path.Relay)}",
            _ => "-",
        };
    }

    /// <summary>Why the path is the one it is.</summary>
    public static string Because(PathDto path)
    {
        CandidateDto? chosen = path.Candidates.FirstOrDefault(static c => c.Verdict == "chosen");
        CandidateDto? next = path.Candidates.FirstOrDefault(static c => c.Verdict is "worse" or "close");
        int tried = path.Candidates.Count(static c => c.Pinged is not null);
        return path.Reason switch
        {
            "points" when chosen is not null && next is not null =>
                $"it has {Points(chosen)} points ({chosen.Nearness} for nearness, {chosen.Speed ?? 0} for speed), {next.Endpoint} has {Points(next)}",
            "kept" when next is not null => $"it was there first, and {next.Endpoint} is not better by enough",
            "only" => $"nothing else answers ({tried} tried)",
            "doubted" => "it stopped answering; packets go both ways until it is sure again",
            "heard" => "its packets come from there, though no ping was answered from there lately",
            "relay" => tried == 0 ? "no endpoint of the peer is known" : $"no endpoint answers ({tried} tried)",
            "none" => tried == 0 ? "no endpoint of the peer is known, and no relay" : $"no endpoint answers ({tried} tried), and there is no relay",
            "idle" => "nobody talks to it, so nobody looks; start with: meshiot ping " + Words.Cell(path.Name.Split('.')[0]),
            _ => path.Reason,
        };
    }

    /// <summary>"home "mesh" (connected), last came by "fra"".</summary>
    public static string Relays(PathDto path)
    {
        string home = path.HomeRelay is null ? "the peer has no home relay" : $"home {Relay(path.HomeRelay)}{Connected(path.HomeRelay)}";
        return path.ReachedBy is { } by ? $"{home}, last came by {Relay(by)}{Connected(by)}" : home;
    }

    /// <summary>"handshake 12 s ago, last received 3 s ago".</summary>
    public static string Session(PathDto path) =>
        path.LastHandshake is { } handshake ? $"handshake {Since(handshake)}, last received {(path.LastReceived is { } at ? Since(at) : "never")}" : "none yet";

    /// <summary>What became of a candidate.</summary>
    public static string Verdict(CandidateDto c) => c.Verdict switch
    {
        "chosen" => "in use",
        "worse" => "answers, has fewer points",
        "close" => "answers, not better by enough",
        "silent" => "never answered",
        "stale" => "answered once",
        "untried" => "not tried",
        _ => c.Verdict,
    };

    static int Points(CandidateDto c) => c.Nearness + (c.Speed ?? 0);

    static string Relay(RelayDto? relay) => relay is null ? "-" : $"\"{Words.Cell(relay.Code)}\"";

    static string Connected(RelayDto relay) => relay.Connected switch { true => " (connected)", false => " (not connected)", _ => "" };

    static string Since(DateTimeOffset when) => Ago(Math.Max(0, (long)(DateTimeOffset.UtcNow - when).TotalMilliseconds));

    static string Span(long ms) => ms < 10_000
        ? string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0.0} s")
        : Words.Age(TimeSpan.FromMilliseconds(ms));
}
