using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot node: the nodes in the coordinator's registry.</summary>
internal static partial class NodeCommand
{
    static readonly Argument<string> Name = new("node") { Description = "The node, by id (n3), label or full name." };

    static readonly Option<string?> OfUser = new("--user") { Description = "Only this user's nodes.", HelpName = "USER" };

    static readonly Option<string?> WithTag = new("--tag") { Description = "Only nodes with this tag, \"tag:\" optional.", HelpName = "TAG" };

    static readonly Option<bool> Waiting = new("--waiting") { Description = "Only nodes that wait for approval." };

    public static Command Build() => new("node", "Nodes in the coordinator's registry.")
    {
        new Command("list",
            """
            List the nodes.

            Examples:
              meshiot node list
              meshiot node list --tag sensor --json
              meshiot node list --waiting             who waits for: meshiot node approve NODE
            """) { OfUser, WithTag, Waiting }.Asks(ListAsync),
        new Command("show", "Everything the coordinator knows about a node.") { Name }.Asks(ShowAsync),
        new Command("delete", "Remove a node from the tailnet; its id and addresses are not used again.") { Name, CoordinatorCall.Yes }.Asks(DeleteAsync),
        Rename(), Tag(), Approve(), Expire(), Extend(), Move(),
    };

    static async Task<int> ListAsync(CoordinatorCall call)
    {
        List<string> query = [];
        if (call.Value(OfUser) is { } user)
        {
            query.Add("user=" + Uri.EscapeDataString(user));
        }

        if (call.Value(WithTag) is { } tag)
        {
            query.Add("tag=" + Uri.EscapeDataString(Tags.Read([tag]).FirstOrDefault() ?? ""));
        }

        if (call.Value(Waiting))
        {
            query.Add("approved=false");
        }

        string path = "api/v1/nodes" + (query.Count > 0 ? "?" + string.Join('&', query) : "");
        List<NodeDto> nodes = await call.ListAsync(path, CoordinatorJson.Default.NodeListDto, p => (p.Nodes, p.NextCursor));
        return call.Print(new NodeListDto(nodes), CoordinatorJson.Default.NodeListDto, () => Write(nodes));
    }

    static void Write(List<NodeDto> nodes)
    {
        Columns columns = new();
        columns.Add("ID", "Name", "IP", "Tags", "OS", "Status", "User", "Version", "Expires");
        foreach (NodeDto node in nodes)
        {
            columns.Add(node.Id, Words.Cell(node.Name), node.Addresses.FirstOrDefault() ?? "-", Words.Cell(node.Tags), Words.Cell(node.Os),
                Status(node), Words.Cell(node.User), Words.Cell(node.ClientVersion), node.Expires is null ? "never" : Words.Minute(node.Expires));
        }

        columns.Write(Console.Out);
    }

    static string Status(NodeDto node) =>
        !node.Approved ? "waits for approval"
        : node.Expired ? "expired"
        : node.Online ? "online"
        : node.LastSeen is { } seen ? $"offline, last seen {Words.Age(DateTimeOffset.UtcNow - seen)} ago"
        : "offline";

    static async Task<int> ShowAsync(CoordinatorCall call) => Show(call, await call.GetAsync("api/v1/nodes/" + call.Segment(Name), CoordinatorJson.Default.NodeDto));

    static int Show(CoordinatorCall call, NodeDto node) => call.Print(node, CoordinatorJson.Default.NodeDto, () =>
    {
        Columns columns = new();
        columns.Add("ID", node.Id);
        columns.Add("Name", Words.Cell(node.Name) + (node.Renamed ? " (chosen)" : ""));
        columns.Add("Host name", Words.Cell(node.HostName));
        columns.Add("Status", Status(node));
        columns.Add("User", Words.Cell(node.User));
        columns.Add("Tags", Words.Cell(node.Tags));
        columns.Add("IP", string.Join(", ", node.Addresses));
        columns.Add("OS", Words.Cell(node.Os));
        columns.Add("Client", Words.Cell(node.ClientVersion));
        columns.Add("Routes", Words.Cell(node.AnnouncedRoutes) + " announced, " + Words.Cell(node.ApprovedRoutes) + " approved");
        columns.Add("Endpoints", Words.Cell(node.Endpoints));
        columns.Add("Machine key", node.MachineKey);
        columns.Add("Node key", node.NodeKey);
        columns.Add("Auth key", Words.Cell(node.AuthKey));
        columns.Add("Created", Words.Minute(node.Created) + " UTC");
        columns.Add("Key expires", node.Expires is null ? "never" : Words.Minute(node.Expires) + " UTC");
        columns.Write(Console.Out);
    });

    static async Task<int> DeleteAsync(CoordinatorCall call)
    {
        call.Confirm($"Remove node {call.Value(Name)} from the tailnet");
        await call.DeleteAsync("api/v1/nodes/" + call.Segment(Name));
        return ExitCodes.Done;
    }
}
