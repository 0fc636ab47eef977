using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Output;

/// <summary>Values in words.</summary>
internal static class Words
{
    /// <summary>"now", "12 s", "5 min", "3 h", "4 d".</summary>
    public static string Age(TimeSpan age) => age.TotalSeconds switch
    {
        < 2 => "now",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} d"),
    };

    /// <summary>A time to the minute, in UTC; "-" for none.</summary>
    public static string Minute(DateTimeOffset? when) => when is { } w ? w.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "-";

    /// <summary>What comes from elsewhere, fit for a terminal and a column: no control characters, "-" for nothing.</summary>
    public static string Cell(string? text) => string.IsNullOrEmpty(text) ? "-" : new string([.. text.Select(c => char.IsControl(c) ? '?' : c)]);

    /// <summary>A list in one column; "-" for an empty one.</summary>
    public static string Cell(IReadOnlyList<string> texts) => Cell(string.Join(',', texts));

    /// <summary>A value without its unit, or "-" when there is none.</summary>
    public static string Value(SensorDto s) => s.Value is { } v ? v.ToString("0.####", CultureInfo.InvariantCulture) : "-";

    /// <summary>Quality, and the facts that a value is beyond its limits or simulated, wherever it shows.</summary>
    public static string Quality(SensorDto s) => s.Quality + (s.Alarm is { } alarm ? ", too " + alarm : "") + (s.Simulated ? ", simulated" : "");

    /// <summary>"DERP(mesh)" or "192.0.2.7:41641", as people know it from Tailscale; "-" when nobody knows.</summary>
    public static string Via(PingReplyDto reply) => reply.Relay is { } relay ? $"DERP({Cell(relay)})" : reply.Endpoint ?? reply.Path;

    /// <summary>"0.42 ms", "4.1 ms", "31 ms".</summary>
    public static string Milliseconds(double ms) =>
        ms.ToString(ms < 1 ? "0.##" : ms < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + " ms";

    /// <summary>"active; direct 192.0.2.1:41641, tx 1234 rx 5678, handshake 12 s ago", as people know it from Tailscale.</summary>
    public static string PeerState(NodeDto n, DateTimeOffset now)
    {
        string traffic = n.TxBytes + n.RxBytes > 0
            ? string.Create(CultureInfo.InvariantCulture, $", tx {n.TxBytes} rx {n.RxBytes}") : "";
        traffic += n.LastHandshake is { } handshake ? $", handshake {Ago(now - handshake)}" : "";
        return n.Active && n.Endpoint is { } endpoint ? $"active; direct {endpoint}{traffic}"
            : n.Active && n.Relay is { } relay ? $"active; relay \"{Cell(relay)}\"{traffic}"
            : n.Online ? "idle" + traffic
            : n.LastSeen is { } seen ? $"offline, last seen {Ago(now - seen)}{traffic}"
            : "offline" + traffic;
    }

    static string Ago(TimeSpan past) => Age(past) is "now" ? "just now" : Age(past) + " ago";

    /// <summary>One line on the network this node is on.</summary>
    public static string Network(NetworkDto n)
    {
        string home = n.HomeRelay is { } relay ? $"home relay {Cell(relay.Code)}{(relay.Connected == false ? " (not connected)" : "")}" : "no home relay";
        string udp = n.Udp switch { true => ", UDP gets through", false => ", UDP is blocked", _ => "" };
        string nat = n.MappingVariesByDestIp switch { true => ", hard NAT", false => ", easy NAT or none", _ => "" };
        return home + udp + nat + (n.PortMapped == true ? ", port mapped at the router" : "");
    }
}
