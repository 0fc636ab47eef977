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

    static readonly Option<bool> Active = new("--active") { Description = "Only peers from which something came within the last three minutes." };

    public static Command Build() => new Command("status",
        """
        Show this node, its peers, the network it is on and what is wrong. Exit code 1 while the node does not run.

        A peer is "active; direct IP:PORT", "active; relay "CODE"" while there is no direct path, "idle" or "offline"; then the bytes sent
        to it and received from it. Below: where peers are told to look for this node.

        Examples:
          meshiot status
          meshiot status --active
          meshiot status --json | jq -r '.peers[] | select(.path == "relay") | .name'
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

        foreach (NodeDto peer in status.Peers.Where(p => !parsed.GetValue(Active) || p.Active))
        {
            columns.Add(peer.Addresses.FirstOrDefault() ?? "-", peer.HostName, peer.Os ?? "-", Words.PeerState(peer, DateTimeOffset.UtcNow));
        }

        columns.Write(Console.Out);
        if (status.Network is { } network)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine($"# Network: {Words.Network(network)}");
            foreach (OwnEndpointDto own in network.Endpoints)
            {
                Console.Out.WriteLine($"#     - {own.Endpoint}{(own.Source == "-" ? "" : $" ({own.Source})")}");
            }
        }

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
