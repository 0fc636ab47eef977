using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Net;
using MeshIoT.Health;
using MeshIoT.Relay;

namespace MeshIoT.Coordinator;

/// <summary>The options of a relay, on its own (<c>--listen</c>) or inside the coordinator (<c>--relay-listen</c>).</summary>
internal sealed class RelayFlags
{
    readonly string prefix;
    readonly Option<string?> listen, stun, plain, metrics, host, code, certificate, key, meshKey;
    readonly Option<int?> region;
    readonly Option<string[]> meshWith;
    readonly Option<double> clientRate, totalRate;
    readonly Option<int> maxPerAddress, maxConnections;

    public RelayFlags(string prefix)
    {
        this.prefix = prefix;
        bool isAlone = prefix == "--";
        RelayLimits limits = new();
        listen = Text("listen", "ADDRESS:PORT", isAlone ? "Where clients come in, by TLS; :PORT means all addresses, IPv4 and IPv6." : "Where the relay's clients come in, by TLS (default: the coordinator's address, port 8443).");
        stun = Text("stun", "ADDRESS:PORT|off", "Where STUN is answered, by UDP (default: the relay's address, port 3478).");
        plain = Text("http", "ADDRESS:PORT", "Plain HTTP too: for clients' captive portal check on port 80, or behind a proxy that ends TLS.");
        metrics = Text("metrics", "ADDRESS:PORT", "Show the relay's figures there, for Prometheus, at /metrics; a loopback address.");
        host = Text("host", "HOST", "Name or address under which clients reach the relay" + (isAlone ? "." : " (default: the coordinator's)."));
        code = Text("code", "CODE", "Short name of its region (default: from the host's name).");
        region = new(prefix + "region") { Description = "Number of its region, 900-999 (default: the first that is free).", HelpName = "N" };
        certificate = Text("cert", "FILE", "Certificate (PEM, those above it after it), instead of a self-signed one that clients know by its hash.");
        key = Text("key", "FILE", "The certificate's key (PEM, not encrypted).");
        meshKey = Text("mesh-key", "FILE", "The secret that the relays of this region share: 64 hex digits (openssl rand -hex 32).");
        meshWith = new(prefix + "mesh-with") { Description = "Another relay of the region, HOST:PORT or HOST:PORT=CERTNAME; may be repeated. Needs the mesh key.", HelpName = "RELAY" };
        clientRate = new(prefix + "client-rate") { Description = "Megabits a second that one client may send; 0: no limit.", HelpName = "MBIT" };
        totalRate = new(prefix + "total-rate") { Description = "Megabits a second that all clients may send together; 0: no limit.", HelpName = "MBIT" };
        maxPerAddress = new(prefix + "max-connections-per-address") { Description = "Open connections from one address.", HelpName = "N", DefaultValueFactory = _ => limits.MaxConnectionsPerAddress };
        maxConnections = new(prefix + "max-connections") { Description = "Open connections in all.", HelpName = "N", DefaultValueFactory = _ => limits.MaxConnections };

        Option<string?> Text(string name, string help, string description) => new(prefix + name) { Description = description, HelpName = help };
    }

    public IEnumerable<Option> All => [listen, stun, plain, metrics, host, code, region, certificate, key, meshKey, meshWith, clientRate, totalRate, maxPerAddress, maxConnections];

    /// <summary>What was said.</summary>
    /// <exception cref="FaultException">A value is wrong.</exception>
    public OwnRelayOptions Read(ParseResult parsed)
    {
        string? stunText = parsed.GetValue(stun);
        MeshPeer[] peers = [.. (parsed.GetValue(meshWith) ?? []).Select(Peer)];
        MeshKey? secret = parsed.GetValue(meshKey) is { } file ? MeshKey.Read(file) : null;
        if (peers.Length > 0 && secret is null)
        {
            throw Wrong(meshWith.Name, $"it needs {meshKey.Name}");
        }

        return new OwnRelayOptions
        {
            Listen = EndPoint(listen, parsed),
            NoStun = stunText == "off",
            Stun = stunText == "off" ? null : EndPoint(stun, parsed),
            PlainListen = EndPoint(plain, parsed),
            Metrics = EndPoint(metrics, parsed) is not { } figures ? null : IPAddress.IsLoopback(figures.Address) ? figures : throw Wrong(metrics.Name, "it is not a loopback address, such as 127.0.0.1:9090"),
            Host = parsed.GetValue(host) is { } name ? Host(name) : null,
            Region = parsed.GetValue(region) is not { } number ? null : number is >= 900 and <= 999 ? number : throw Wrong(region.Name, "it is not within 900-999"),
            Code = parsed.GetValue(code) is not { } text ? null : text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? text : throw Wrong(code.Name, "it is not up to 32 letters, digits and hyphens"),
            Files = (parsed.GetValue(certificate), parsed.GetValue(key)) switch
            {
                (null, null) => null,
                ({ } c, { } k) => (c, k),
                _ => throw Wrong(certificate.Name, $"it and {key.Name} go together"),
            },
            MeshKey = secret,
            MeshPeers = peers,
            Limits = new RelayLimits
            {
                ClientBytesPerSecond = Rate(clientRate, parsed),
                TotalBytesPerSecond = Rate(totalRate, parsed),
                MaxConnectionsPerAddress = Positive(maxPerAddress, parsed),
                MaxConnections = Positive(maxConnections, parsed),
            },
        };
    }

    /// <summary>The listen option was given.</summary>
    public bool HasListen(ParseResult parsed) => parsed.GetValue(listen) is not null;

    IPEndPoint? EndPoint(Option<string?> option, ParseResult parsed) =>
        parsed.GetValue(option) is { } text ? ServeValues.EndPoint(text, option.Name) : null;

    static int Positive(Option<int> option, ParseResult parsed) => parsed.GetValue(option) is > 0 and var value ? value : throw Wrong(option.Name, "it is not above zero");

    static long Rate(Option<double> option, ParseResult parsed) =>
        parsed.GetValue(option) is >= 0 and < 1e6 and var value ? (long)(value * 1_000_000 / 8) : throw Wrong(option.Name, "it is not a rate from 0 to 1000000");

    string Host(string text) => IPAddress.TryParse(text.Trim('[', ']'), out IPAddress? address) ? address.ToString()
        : Uri.CheckHostName(text) == UriHostNameType.Dns ? text.ToLowerInvariant()
        : throw Wrong(host.Name, "it is neither a name nor an address");

    MeshPeer Peer(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string place = equals < 0 ? text : text[..equals];
        int colon = place.LastIndexOf(':');
        bool hasPort = ushort.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        string name = place[..Math.Max(0, colon)].Trim('[', ']');
        return hasPort && port > 0 && Uri.CheckHostName(name) != UriHostNameType.Unknown
            ? new MeshPeer(name, port, equals < 0 ? null : text[(equals + 1)..])
            : throw Wrong(meshWith.Name, "it is not HOST:PORT or HOST:PORT=CERTNAME");
    }

    static FaultException Wrong(string option, string why) => Faults.RelayOptionInvalid.With(option, why).ToException();
}
