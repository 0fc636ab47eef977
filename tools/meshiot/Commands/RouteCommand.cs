using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot route: subnet routes and exit nodes.</summary>
internal static class RouteCommand
{
    static readonly Argument<string> Node = new("node") { Description = "The node, by id (n3), label or full name." };

    static readonly Argument<string?> OnlyNode = new("node") { Description = "Only this node's routes.", DefaultValueFactory = _ => null };

    static readonly Argument<string[]> Prefixes = new("prefix") { Description = "The prefixes; exit-node means 0.0.0.0/0 and ::/0.", Arity = ArgumentArity.OneOrMore };

    public static Command Build() => new("route", "Subnet routes and exit nodes: what nodes announce, and what of it they may serve.")
    {
        new Command("list", "List the routes that nodes announce or may serve.") { OnlyNode }.Asks(ListAsync),
        new Command("approve",
            """
            Let a node serve routes, now or as soon as it announces them.

            Examples:
              meshiot route approve greenhouse 192.168.7.0/24
              meshiot route approve gateway exit-node
            """) { Node, Prefixes, CoordinatorCall.Yes }.Asks(call => SetAsync(call, "approve")),
        new Command("unapprove", "Stop a node from serving routes.") { Node, Prefixes, CoordinatorCall.Yes }.Asks(call => SetAsync(call, "unapprove")),
    };

    static async Task<int> ListAsync(CoordinatorCall call)
    {
        string path = "api/v1/routes" + (call.Value(OnlyNode) is { } node ? "?node=" + Uri.EscapeDataString(node) : "");
        List<RouteDto> routes = await call.ListAsync(path, CoordinatorJson.Default.RouteListDto, p => (p.Routes, p.NextCursor));
        return Show(call, new RouteListDto(routes));
    }

    static async Task<int> SetAsync(CoordinatorCall call, string verb)
    {
        RouteListDto answer = new([]);
        foreach (string prefix in call.Value(Prefixes).Select(p => p == "exit-node" ? "0.0.0.0/0" : p))
        {
            answer = await call.SendAsync(HttpMethod.Post, "api/v1/routes/" + verb, new RouteChangeDto { Node = call.Value(Node), Prefix = prefix },
                CoordinatorJson.Default.RouteChangeDto, CoordinatorJson.Default.RouteListDto);
        }

        return Show(call, answer);
    }

    static int Show(CoordinatorCall call, RouteListDto list) => call.Print(list, CoordinatorJson.Default.RouteListDto, () =>
    {
        Columns columns = new();
        columns.Add("Node", "Name", "Prefix", "Status");
        foreach (RouteDto route in list.Routes)
        {
            columns.Add(route.Node, Words.Cell(route.NodeName), route.Prefix,
                (route.Announced ? "announced" : "not announced") + (route.Approved ? ", approved" : ", not approved") + (route.Primary ? ", in use" : ""));
        }

        columns.Write(Console.Out);
    });
}
