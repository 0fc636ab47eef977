using System;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot node: the registry of the coordinator on this machine.</summary>
internal static class NodeCommand
{
    static readonly Argument<string> Id = new("id") { Description = "The node's id, from \"meshiot node list\"." };

    public static Command Build() => new("node", "Nodes in the coordinator's registry, on the coordinator's machine.")
    {
        new Command("list", "List the nodes.") { Shared.CoordinatorSocket }.Runs(ListAsync),
        new Command("delete", "Remove a node from the tailnet; its id and addresses are not used again.") { Id, Shared.CoordinatorSocket }.Runs(DeleteAsync),
    };

    static async Task<int> ListAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient coordinator = Shared.Coordinator(parsed);
        CoordinatorNodeListDto list = await coordinator.GetAsync("api/v1/nodes", CliJson.Default.CoordinatorNodeListDto, ct);
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(list, CliJson.Default.CoordinatorNodeListDto));
            return ExitCodes.Done;
        }

        Columns columns = new();
        columns.Add("ID", "Name", "IP", "Tags", "OS", "Status");
        foreach (CoordinatorNodeDto node in list.Nodes)
        {
            columns.Add(node.Id, node.Name.TrimEnd('.'), node.Addresses.FirstOrDefault() ?? "-",
                node.Tags.Count == 0 ? "-" : string.Join(',', node.Tags), node.Os ?? "-",
                node.Online ? "online" : node.LastSeen is { } seen ? $"offline, last seen {Words.Age(DateTimeOffset.UtcNow - seen)} ago" : "offline");
        }

        columns.Write(Console.Out);
        return ExitCodes.Done;
    }

    static async Task<int> DeleteAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient coordinator = Shared.Coordinator(parsed);
        await coordinator.DeleteAsync("api/v1/nodes/" + Uri.EscapeDataString(parsed.GetRequiredValue(Id)), ct);
        return ExitCodes.Done;
    }
}
