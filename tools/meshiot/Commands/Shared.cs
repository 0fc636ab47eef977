using System;
using System.CommandLine;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>Options that several commands have, and the one place where faults become lines and exit codes.</summary>
internal static class Shared
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print JSON; fields are added over time, never changed in meaning." };

    public static readonly Option<string?> Socket = new("--socket")
    {
        Description = "The agent's socket (default: MESHIOT_SOCKET, else /run/meshiot/meshiotd.sock, else the user's runtime directory).",
        HelpName = "PATH",
    };

    /// <summary>A client for the agent of this machine.</summary>
    public static UnixHttpClient Agent(ParseResult parsed)
    {
        string path = parsed.GetValue(Socket) ?? SocketPaths.Agent();
        return new UnixHttpClient(path, () => Faults.AgentNotRunning.With(path));
    }

    /// <summary>Makes <paramref name="command"/> run <paramref name="action"/>, with faults on stderr and the right exit code.</summary>
    public static Command Runs(this Command command, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        command.Add(Json);
        command.SetAction((parsed, ct) => GuardAsync(parsed, action, ct));
        return command;
    }

    static async Task<int> GuardAsync(ParseResult parsed, Func<ParseResult, CancellationToken, Task<int>> action, CancellationToken ct)
    {
        try
        {
            return await action(parsed, ct);
        }
        catch (FaultException e)
        {
            return Fail(parsed, e.Report);
        }
        catch (OperationCanceledException)
        {
            return 130; // as a shell says of a program ended by Ctrl-C
        }
    }

    /// <summary>Says what happened on stderr, as a line or (with --json) as an object, and gives the exit code.</summary>
    public static int Fail(ParseResult parsed, FaultReport report)
    {
        Console.Error.WriteLine(parsed.GetValue(Json)
            ? JsonSerializer.Serialize(new CliError(report.Fault.Code, report.Message, report.Next), CliJson.Default.CliError)
            : "meshiot: " + report);
        return report.Fault.ExitCode;
    }
}
