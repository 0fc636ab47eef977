using System;
using System.CommandLine;
using System.Text.Json;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot version: of this program, and of the agent if it runs.</summary>
internal static class VersionCommand
{
    static string Own => typeof(VersionCommand).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static Command Build() => new Command("version", "Print the version of this program, and of the agent if it runs.")
    {
        Shared.Socket,
    }.Runs(async (parsed, ct) =>
    {
        string? agentVersion = null;
        try
        {
            using UnixHttpClient agent = Shared.Agent(parsed);
            agentVersion = (await agent.GetAsync("localapi/v0/status", LocalApiJson.Default.StatusDto, ct)).Version;
        }
        catch (FaultException)
        {
            // No agent: only our own version is known.
        }

        Console.Out.WriteLine(parsed.GetValue(Shared.Json)
            ? JsonSerializer.Serialize(new VersionInfo(Own, agentVersion), CliJson.Default.VersionInfo)
            : agentVersion is null ? Own : $"{Own} (agent {agentVersion})");
        return ExitCodes.Done;
    });
}
