using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Sim;

/// <summary>The command line of the simulator.</summary>
internal static class SimCommand
{
    static readonly SimOptions Defaults = new() { Coordinator = "" };

    static readonly Option<string> Coordinator = new("--coordinator")
    {
        Description = "The coordinator to start and to measure: a program, or a .dll for dotnet.", HelpName = "PATH", Required = true,
    };

    static readonly Option<int> Nodes = Number("--nodes", "Sensors and hubs together, 1-50000.", Defaults.Nodes);
    static readonly Option<int> Hubs = Number("--hubs", "How many of them are hubs.", Defaults.Hubs);
    static readonly Option<int> AtOnce = Number("--join-at-once", "How many join at once at first, 1-10000.", Defaults.JoinAtOnce);
    static readonly Option<int> Idle = Number("--idle", "Seconds in which nothing happens and memory and processor time are taken, 1-3600.", (int)Defaults.Idle.TotalSeconds);
    static readonly Option<int> Rate = Number("--rate", "Endpoint changes a second, 0-5000.", Defaults.Rate);
    static readonly Option<int> Seconds = Number("--seconds", "For how many seconds, 0-3600; at most 131071 changes in all.", (int)Defaults.Changing.TotalSeconds);
    static readonly Option<int> Restarts = Number("--restarts", "How often the coordinator is killed (SIGKILL) and all come back at once, 0-100.", Defaults.Restarts);
    static readonly Option<int> Jitter = Number("--jitter", "One more restart, after which each node waits up to so many seconds, 0-3600; 0: none.", (int)Defaults.Jitter.TotalSeconds);
    static readonly Option<int> PerAddress = Number("--per-address", "Nodes behind one source address (127.1.0.1 and on), 1-20000.", Defaults.PerAddress);
    static readonly Option<int> Patience = Number("--patience", "Seconds that one phase may last, 1-7200.", (int)Defaults.Patience.TotalSeconds);
    static readonly Option<bool> Plain = new("--plain") { Description = "Ask for plain map frames instead of zstd." };
    static readonly Option<string?> Policy = new("--policy") { Description = "A policy to put in force before the first node joins, with tag:sensor and tag:hub in it; without it all see all.", HelpName = "FILE" };
    static readonly Option<string?> Json = new("--json") { Description = "Also write the figures to this file.", HelpName = "FILE" };
    static readonly Option<bool> Keep = new("--keep") { Description = "Keep the coordinator's state and log, and say where they are." };

    public static RootCommand Build()
    {
        RootCommand command = new(
            """
            Starts a coordinator with an empty state on loopback, lets a fleet of nodes join it (real TCP, Noise and HTTP/2), and measures
            memory, processor time, how fast a change reaches those who see the node, and how fast all are back after kill -9.

            Exit code: 0 done; 1 a change was missed or the coordinator ended; 3 a phase took too long.

            Example:
              meshiot-sim --coordinator artifacts/native/meshiot-coordinator --nodes 2000 --json figures.json
            """) { Coordinator, Nodes, Hubs, AtOnce, Idle, Rate, Seconds, Restarts, Jitter, PerAddress, Patience, Plain, Policy, Json, Keep };
        command.SetAction(RunAsync);
        command.Add(RelayBenchCommand.Build());
        command.Add(JoinCommand.Build());
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        try
        {
            return await RunAsync(Read(parsed), parsed.GetValue(Keep), ct).ConfigureAwait(false);
        }
        catch (FaultException e)
        {
            Console.Error.WriteLine("meshiot-sim: " + e.Report);
            return e.Report.Fault.ExitCode;
        }
    }

    static async Task<int> RunAsync(SimOptions options, bool keep, CancellationToken ct)
    {
        OpenFiles.Require(options.Nodes);
        string directory = Directory.CreateTempSubdirectory("meshiot-sim-").FullName;
        bool isGood = false;
        try
        {
            using CoordinatorProcess server = new(options.Coordinator, directory, Math.Max(2048, 3 * options.PerAddress));
            SimReport report = await new Scenario(options, server, Console.Error).RunAsync(ct).ConfigureAwait(false);
            ReportWriter.Print(report, options, Console.Out);
            if (options.JsonFile is { } path)
            {
                ReportWriter.WriteJson(report, options, path);
            }

            isGood = report.SightingsMissing == 0;
            return isGood ? ExitCodes.Done : ExitCodes.Failed;
        }
        finally
        {
            if (keep || !isGood)
            {
                Console.Error.WriteLine("the coordinator's state and log: " + directory);
            }
            else
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    static SimOptions Read(ParseResult parsed)
    {
        SimOptions options = new()
        {
            Coordinator = parsed.GetRequiredValue(Coordinator),
            Nodes = Within(Nodes, 1, 50_000),
            Hubs = Within(Hubs, 0, parsed.GetValue(Nodes)),
            JoinAtOnce = Within(AtOnce, 1, 10_000),
            Idle = TimeSpan.FromSeconds(Within(Idle, 1, 3600)),
            Rate = Within(Rate, 0, 5000),
            Changing = TimeSpan.FromSeconds(Within(Seconds, 0, 3600)),
            Restarts = Within(Restarts, 0, 100),
            Jitter = TimeSpan.FromSeconds(Within(Jitter, 0, 3600)),
            PerAddress = Within(PerAddress, 1, 20_000),
            Patience = TimeSpan.FromSeconds(Within(Patience, 1, 7200)),
            Zstd = !parsed.GetValue(Plain),
            PolicyFile = parsed.GetValue(Policy),
            JsonFile = parsed.GetValue(Json),
        };
        if (options.PolicyFile is { } policy && !File.Exists(policy))
        {
            throw Faults.SimOptionInvalid.With("--policy", "there is no such file").ToException();
        }

        return options.Rate * options.Changing.TotalSeconds <= ChangeEndpoint.Max
            ? File.Exists(options.Coordinator) ? options : throw Faults.SimOptionInvalid.With("--coordinator", "there is no such file").ToException()
            : throw Faults.SimOptionInvalid.With("--rate with --seconds", $"more than {ChangeEndpoint.Max} changes").ToException();

        int Within(Option<int> option, int least, int most)
        {
            int value = parsed.GetValue(option);
            return value >= least && value <= most
                ? value
                : throw Faults.SimOptionInvalid.With(option.Name, string.Create(CultureInfo.InvariantCulture, $"it is not within {least}-{most}")).ToException();
        }
    }

    static Option<int> Number(string name, string description, int standard) => new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
}
