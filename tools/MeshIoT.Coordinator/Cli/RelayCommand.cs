using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Relay;
using MeshIoT.Tailcfg;
using Microsoft.Extensions.Logging;

namespace MeshIoT.Coordinator;

/// <summary>meshiot-coordinator relay: a relay on its own, until SIGTERM or SIGINT.</summary>
internal static class RelayCommand
{
    static readonly RelayFlags Flags = new("--");

    static readonly Option<string?> State = new("--state")
    {
        Description = "Directory of the relay's key and self-signed certificate (default: relay in the coordinator's state directory).", HelpName = "DIR",
    };

    static readonly Option<string?> Verify = new("--verify-url")
    {
        Description = "Ask there whether a client may come in: POST {\"NodePublic\":…,\"Source\":…}, answered by {\"Allow\":true}; as derper asks.", HelpName = "URL",
    };

    static readonly Option<bool> FailOpen = new("--verify-fail-open") { Description = "Let clients in while nobody answers at --verify-url." };

    static readonly Option<bool> Anyone = new("--anyone") { Description = "Let in whoever comes; for closed networks and measurements." };

    public static Command Build()
    {
        Command command = new("relay",
            """
            Relay for nodes that find no direct path to each other: DERP over TLS, and STUN. The coordinator has one inside already; this is
            for further places, and for coordinators behind a proxy. Prints "READY ADDRESS:PORT" and then, as JSON, a DERP map with
            its region, to be given to the coordinator: serve --derp-map FILE. Everything else goes to standard error.

            Examples:
              meshiot-coordinator relay --host relay.example.net --listen :443 --verify-url https://coord.example.net/verify
              meshiot-coordinator relay --host 192.0.2.7 --listen :443 --anyone         self-signed, known to clients by its hash
              meshiot-coordinator relay --host r2.example.net --listen :443 --cert full.pem --key key.pem --anyone \
                --mesh-key mesh.key --mesh-with r1.example.net:443
            """) { State, Verify, FailOpen, Anyone };
        foreach (Option option in Flags.All)
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
            return await ServeAsync(Flags.Read(parsed), parsed, ct);
        }
        catch (FaultException e)
        {
            Console.Error.WriteLine("meshiot-coordinator: " + e.Report);
            return e.Report.Fault.ExitCode;
        }
    }

    static async Task<int> ServeAsync(OwnRelayOptions flags, ParseResult parsed, CancellationToken ct)
    {
        IPEndPoint listen = flags.Listen ?? throw Wrong("--listen", "it is missing; usually it is :443");
        string host = flags.Host ?? throw Wrong("--host", "it is missing: clients must be told a name or an address");
        IAdmission admission = Admission(parsed);
        using StderrLogger logger = new(Console.Error, TimeProvider.System);
        ILogger log = logger.CreateLogger("relay");
        string directory = parsed.GetValue(State) ?? System.IO.Path.Combine(ServeValues.DefaultStateDirectory(), "relay");
        SystemRandomSource random = new();
        using RelayIdentity identity = flags.Files is { } files
            ? RelayIdentity.FromFiles(directory, files.Certificate, files.Key, random)
            : RelayIdentity.SelfSigned(directory, host, random);
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration cancelled = ct.Register(() => stop.TrySetResult());
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        BootstrapDns names = new();
        RelayOptions options = new()
        {
            Listen = listen,
            Stun = flags.NoStun ? null : flags.Stun ?? new IPEndPoint(listen.Address, OwnRelayOptions.StandardStunPort),
            PlainListen = flags.PlainListen,
            Metrics = flags.Metrics,
            Key = identity.Key,
            Certificate = identity.Certificate,
            Chain = identity.Chain,
            Admission = admission,
            Bootstrap = names,
            MeshKey = flags.MeshKey,
            MeshPeers = flags.MeshPeers,
            Limits = flags.Limits,
        };
        await using RelayServer server = await RelayServer.StartAsync(options, random, TimeProvider.System, new RelayLog((isWarning, line) => Say(log, isWarning, line)));
        Console.Out.WriteLine("READY " + server.Listening);
        Console.Out.WriteLine(Map(flags, host, server, identity));
        Console.Out.Flush();
        using CancellationTokenSource trimming = new();
        Task trim = Task.WhenAll(
            new MemoryTrim(TimeProvider.System).RunAsync(trimming.Token),
            names.KeepAsync([host, parsed.GetValue(Verify) is { } verify ? new Uri(verify).IdnHost : null], TimeProvider.System, trimming.Token));
        await stop.Task;
        await trimming.CancelAsync();
        await trim;
        return ExitCodes.Done;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }

    static IAdmission Admission(ParseResult parsed) => (parsed.GetValue(Verify), parsed.GetValue(Anyone)) switch
    {
        ({ } text, false) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url is not null
            ? new VerifyUrl(url, parsed.GetValue(FailOpen))
            : throw Wrong("--verify-url", "it is not an http or https address"),
        (null, true) => new AdmitAll(),
        (null, false) => throw Wrong("--verify-url", "it is missing; somebody must say who may use the relay, or --anyone may"),
        _ => throw Wrong("--anyone", "it and --verify-url contradict each other"),
    };

    static string Map(OwnRelayOptions flags, string host, RelayServer server, RelayIdentity identity)
    {
        RelayRegion region = new(host, flags.Code ?? RelayRegion.CodeOf(host), server.Listening.Port, server.StunPort, identity.Pin, server.PlainListening?.Port == 80);
        return JsonSerializer.Serialize(region.AddTo(null, flags.Region).Map, TailcfgJson.Default.DerpMap);
    }

    static void Say(ILogger log, bool isWarning, string line) => log.Log(isWarning ? LogLevel.Warning : LogLevel.Information, 0, line, null, (text, _) => text);

    static FaultException Wrong(string option, string why) => Faults.RelayOptionInvalid.With(option, why).ToException();
}
