using System;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot status: this node, its peers, what is wrong. Exit code 1 while the node does not run.</summary>
internal static class StatusCommand
{
    static readonly Option<bool> Header = new("--header") { Description = "Print a line with the columns' names." };

    static readonly Option<bool> Active = new("--active") { Description = "Only peers with a session." };

    public static Command Build() => new Command("status",
        """
        Show this node, its peers and what is wrong. Exit code 1 while the node does not run.

        Examples:
          meshiot status
          meshiot status --json | jq -r '.peers[] | select(.online) | .name'
        """)
    {
        Header, Active, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient agent = Shared.Agent(parsed);
        StatusDto status = await agent.GetAsync("localapi/v0/status", LocalApiJson.Default.StatusDto, ct);
        bool running = status.BackendState == "Running";
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(status, CliJson.Default.StatusDto));
            return running ? ExitCodes.Done : ExitCodes.Failed;
        }

        if (!running)
        {
            Console.Out.WriteLine(status.BackendState switch
            {
                "NeedsLogin" or "NeedsMachineAuth" when status.Waiting is { } waiting => $"{waiting.Message} Next: {waiting.Next}",
                "NeedsMachineAuth" => "Waiting for the coordinator to let this node in.",
                "NeedsLogin" when status.Health.FirstOrDefault(static f => f.Code is "node-key-expired") is { } ended => $"{ended.Message} Next: {ended.Next}",
                "NeedsLogin" => "Logged out. Next: meshiot up --claim -",
                "Stopped" => "Stopped. Next: meshiot up",
                _ => "Starting: " + (status.LoginServer ?? "no coordinator yet"),
            });
        }

        Columns columns = new();
        if (parsed.GetValue(Header))
        {
            columns.Add("IP", "Hostname", "OS", "Status");
        }

        if (status.Self is { } self)
        {
            columns.Add(self.Addresses.FirstOrDefault() ?? "-", self.HostName, self.Os ?? "-", running ? "-" : "offline");
        }

        foreach (NodeDto peer in status.Peers.Where(p => !parsed.GetValue(Active) || p.Endpoint is not null))
        {
            columns.Add(peer.Addresses.FirstOrDefault() ?? "-", peer.HostName, peer.Os ?? "-", Words.PeerState(peer));
        }

        columns.Write(Console.Out);
        if (status.Health.Count > 0)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine("# Health check:");
            foreach (FaultDto fault in status.Health)
            {
                Console.Out.WriteLine($"#     - {fault.Code}: {fault.Message} Next: {fault.Next}");
            }
        }

        return running ? ExitCodes.Done : ExitCodes.Failed;
    }
}
