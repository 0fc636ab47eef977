using System;
using System.CommandLine;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Coordinator;

/// <summary>meshiot-coordinator serve: runs until SIGTERM or SIGINT.</summary>
internal static class ServeCommand
{
    static readonly Option<string> Listen = new("--listen")
    {
        Description = "Where nodes come in; :PORT means all addresses, IPv4 and IPv6. Plain http: use a loopback or private address, or TLS in front.",
        HelpName = "ADDRESS:PORT",
        DefaultValueFactory = _ => "127.0.0.1:8080",
    };

    static readonly Option<string?> State = new("--state")
    {
        Description = "State directory (default: /var/lib/meshiot-coordinator for root, else meshiot-coordinator in the user's state directory).",
        HelpName = "DIR",
    };

    static readonly Option<string?> Socket = new("--socket")
    {
        Description = "Admin socket for the meshiot command (default: /run/meshiot/coordinator.sock for root, else in the user's runtime directory).",
        HelpName = "PATH",
    };

    static readonly Option<string> BaseDomain = new("--base-domain")
    {
        Description = "What nodes' names end in.",
        HelpName = "DOMAIN",
        DefaultValueFactory = _ => "tailnet.internal",
    };

    static readonly Option<string?> ServerUrl = new("--server-url")
    {
        Description = "The address that codes give to devices, when it is not the one listened on.",
        HelpName = "URL",
    };

    static readonly Option<string?> TlsCert = new("--tls-cert")
    {
        Description = "Serve https with this certificate (PEM, those above it after it); needs --tls-key and --server-url. Read at the start.", HelpName = "FILE",
    };

    static readonly Option<string?> TlsKey = new("--tls-key") { Description = "The certificate's key (PEM, not encrypted).", HelpName = "FILE" };

    static readonly Option<string?> DerpMap = new("--derp-map")
    {
        Description = "A file with the relays to tell nodes of, as JSON ({\"Regions\":{…}}).",
        HelpName = "FILE",
    };

    static readonly Option<int> MaxConnections = new("--max-connections-per-address")
    {
        Description = "Open connections from one address; each node holds one or two, and many may share an address behind a NAT.",
        HelpName = "N",
        DefaultValueFactory = _ => new CoordinatorLimits().MaxConnectionsPerAddress,
    };

    static readonly Option<string?> Alerts = new("--alerts")
    {
        Description = "A TOML file that says who is told when a gateway is gone or its key expires. Try it with: meshiot-coordinator alerts FILE", HelpName = "FILE",
    };

    static readonly Option<bool> NoRelay = new("--no-relay") { Description = "No relay inside. Nodes then know only those of --derp-map." };

    static readonly RelayFlags Relay = new("--relay-");

    public static Command Build()
    {
        Command command = new("serve",
            """
            Serve a tailnet until SIGTERM. Prints one line, "READY URL", when it listens; everything else goes to standard error.
            A relay for nodes that find no direct path runs inside: TLS on port 8443, STUN on UDP port 3478. Open both in a firewall.

            Examples:
              meshiot-coordinator serve --listen 127.0.0.1:8080 --state ./tailnet
              meshiot-coordinator serve --listen :8080 --server-url https://coord.example.net      behind a proxy
              meshiot-coordinator serve --listen :443 --server-url https://coord.example.net --tls-cert fullchain.pem --tls-key privkey.pem
            """) { Listen, State, Socket, BaseDomain, ServerUrl, TlsCert, TlsKey, DerpMap, MaxConnections, Alerts, NoRelay };
        foreach (Option option in Relay.All)
        {
            command.Add(option);
        }

        command.SetAction((parsed, ct) => RunAsync(parsed, ct));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        try
        {
            Uri? serverUrl = ServeValues.Url(parsed.GetValue(ServerUrl));
            using TlsIdentity? tls = ServeValues.Tls(parsed.GetValue(TlsCert), parsed.GetValue(TlsKey), serverUrl);
            CoordinatorOptions options = new()
            {
                Listen = ServeValues.EndPoint(parsed.GetRequiredValue(Listen)),
                StateDirectory = parsed.GetValue(State) ?? ServeValues.DefaultStateDirectory(),
                SocketPath = System.IO.Path.GetFullPath(parsed.GetValue(Socket) ?? SocketPaths.Coordinator()),
                BaseDomain = ServeValues.Domain(parsed.GetRequiredValue(BaseDomain)),
                ServerUrl = serverUrl,
                Tls = tls,
                Relay = RelayOf(parsed),
                DerpMap = ServeValues.DerpMap(parsed.GetValue(DerpMap)),
                Alerts = parsed.GetValue(Alerts) is { } alerts ? CoordinatorAlerts.Read(alerts) : null,
                Limits = new CoordinatorLimits { MaxConnectionsPerAddress = ServeValues.Positive("--max-connections-per-address", parsed.GetValue(MaxConnections)) },
            };
            return await ServeAsync(options, ct);
        }
        catch (FaultException e)
        {
            Console.Error.WriteLine("meshiot-coordinator: " + e.Report);
            return e.Report.Fault.ExitCode;
        }
    }

    // With a certificate of its own the coordinator's door has one that fits the relay's too: the same host.
    static OwnRelayOptions? RelayOf(ParseResult parsed)
    {
        OwnRelayOptions relay = Relay.Read(parsed);
        return parsed.GetValue(NoRelay) ? null
            : relay.Files is null && relay.Host is null && parsed.GetValue(TlsCert) is { } certificate && parsed.GetValue(TlsKey) is { } key ? relay with { Files = (certificate, key) }
            : relay;
    }

    static async Task<int> ServeAsync(CoordinatorOptions options, CancellationToken ct)
    {
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration cancelled = ct.Register(() => stop.TrySetResult());
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using StderrLogger logger = new(Console.Error, TimeProvider.System);
        await using CoordinatorServer server = await CoordinatorServer.StartAsync(options, new SystemRandomSource(), TimeProvider.System, logger);
        Console.Out.WriteLine("READY " + (server.Identity.LoginServer?.ToString() ?? $"http://{server.Listening}/"));
        Console.Out.Flush();
        await stop.Task;
        return ExitCodes.Done;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
