using System;
using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Sim;

/// <summary><c>meshiot-sim join</c>: a fleet for a coordinator that runs already; whoever measures something else beside it has peers by it.</summary>
internal static class JoinCommand
{
    const int AtOnce = 32;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Poll = TimeSpan.FromMilliseconds(20);
    static readonly Option<string> Socket = new("--socket") { Description = "The coordinator's admin socket.", HelpName = "PATH", Required = true };
    static readonly Option<string> Server = new("--server") { Description = "Where it listens, without TLS.", HelpName = "IP:PORT", Required = true };
    static readonly Option<int> Nodes = new("--nodes") { Description = "How many nodes join, 1-20000.", HelpName = "N", Required = true };

    public static Command Build()
    {
        Command command = new("join", "Lets nodes join a coordinator that runs already, says JOINED, and stays with them until it is told to end (SIGTERM).") { Socket, Server, Nodes };
        command.SetAction(RunAsync);
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        try
        {
            int nodes = parsed.GetValue(Nodes);
            if (nodes is < 1 or > 20_000 || !IPEndPoint.TryParse(parsed.GetRequiredValue(Server), out IPEndPoint? server) || server.Port == 0)
            {
                throw Faults.SimOptionInvalid.With("--nodes or --server", "it is not within 1-20000, or not IP:PORT").ToException();
            }

            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using PosixSignalRegistration told = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                end.Cancel();
            });
            OpenFiles.Require(nodes);
            await JoinAsync(parsed.GetRequiredValue(Socket), server, nodes, end.Token).ConfigureAwait(false);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Done;
        }
        catch (FaultException e)
        {
            Console.Error.WriteLine("meshiot-sim: " + e.Report);
            return e.Report.Fault.ExitCode;
        }
    }

    static async Task JoinAsync(string socket, IPEndPoint server, int nodes, CancellationToken ct)
    {
        using UnixHttpClient admin = new(socket, () => Faults.CoordinatorDidNotRun.With(server, "its admin socket does not answer", socket));
        MachinePublicKey key = MachinePublicKey.Parse((await admin.GetAsync("api/v1/server", AdminJson.Default.ServerAnswer, ct).ConfigureAwait(false)).ServerKey);
        string claim = (await admin.PostAsync("api/v1/keys", new KeyRequest(true, ["tag:sensor"]), AdminJson.Default.KeyRequest, AdminJson.Default.KeyAnswer, ct).ConfigureAwait(false)).Key!;
        Fleet fleet = new(new FleetOptions(Zstd: true, PerAddress: 1000, claim, claim), new Dialer(server, key));
        Stopwatch clock = Stopwatch.StartNew();
        while (fleet.Nodes.Count < nodes || fleet.Admitted < nodes)
        {
            while (fleet.Nodes.Count < nodes && fleet.Nodes.Count - fleet.Admissions < AtOnce)
            {
                fleet.Add(isHub: false, ct);
            }

            fleet.ThrowIfBroken();
            if (clock.Elapsed > Patience)
            {
                throw Faults.LoadNotCarried.With("not all nodes joined", fleet.Admitted, nodes, (int)clock.Elapsed.TotalSeconds).ToException();
            }

            await Task.Delay(Poll, ct).ConfigureAwait(false);
        }

        Console.Out.WriteLine($"JOINED {nodes}");
        await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await fleet.EndedAsync().ConfigureAwait(false);
    }
}
