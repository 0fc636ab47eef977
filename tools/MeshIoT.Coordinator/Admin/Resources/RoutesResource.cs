using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator;

/// <summary>Subnet routes and exit nodes: what nodes announce, and what of it they may serve.</summary>
internal sealed class RoutesResource(AdminContext admin)
{
    const string Path = "/api/v1/routes";

    const int MaxRoutes = 128;

    const string Example = """{"node":"n3","nodeName":"greenhouse.tailnet.internal","prefix":"192.168.7.0/24","announced":true,"approved":true,"primary":true}""";

    const string Change = """{"node":"n3","prefix":"192.168.7.0/24"}""";

    static readonly ImmutableArray<IPNetwork> ExitRoutes = [RouteList.Exit4, RouteList.Exit6];

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Path, "listRoutes", "Lists the routes that nodes announce or may serve.", new(Scopes.RoutesRead), ListAsync)
        {
            Query = [new("node", "string", "Only this node's routes: an id or a name."), new("approved", "boolean", "Only routes that are, or are not, approved."), QueryParameter.Limit, QueryParameter.Cursor],
            Response = AdminJson.Default.RouteListDto, ResponseExample = $$"""{"routes":[{{Example}}]}""", Problems = [404],
        },
        new("POST", Path + "/approve", "approveRoute", "Lets a node serve a route, now or when it announces it. 0.0.0.0/0 and ::/0 go together.", new(Scopes.RoutesWrite), c => SetAsync(c, true))
        {
            Request = AdminJson.Default.RouteChangeDto, RequestExample = Change, Response = AdminJson.Default.RouteListDto, ResponseExample = $$"""{"routes":[{{Example}}]}""", Problems = [404],
        },
        new("POST", Path + "/unapprove", "unapproveRoute", "Stops a node from serving a route. 0.0.0.0/0 and ::/0 go together.", new(Scopes.RoutesWrite), c => SetAsync(c, false))
        {
            Request = AdminJson.Default.RouteChangeDto, RequestExample = Change, Response = AdminJson.Default.RouteListDto, ResponseExample = """{"routes":[]}""", Problems = [404],
        },
    ];

    Task ListAsync(AdminCall call)
    {
        Tailnet tailnet = admin.Tailnet;
        long? only = call.Query("node") is { } name ? Lookup.Node(tailnet, name, admin.Identity.BaseDomain).Id : null;
        bool? approved = call.Flag("approved");

        // A page holds whole nodes: the cursor is a node's number.
        int limit = call.Limit();
        List<RouteDto> routes = [];
        string? next = null;
        long last = 0;
        foreach (NodeRecord node in tailnet.Nodes.Values.SkipWhile(n => n.Id <= (call.Cursor() ?? 0)).Where(n => only is null || n.Id == only))
        {
            List<RouteDto> its = [.. RoutesOf(node, tailnet).Where(r => approved is null || r.Approved == approved)];
            if (its.Count > 0 && routes.Count > 0 && routes.Count + its.Count > limit)
            {
                next = last.ToString(System.Globalization.CultureInfo.InvariantCulture);
                break;
            }

            routes.AddRange(its);
            last = node.Id;
        }

        return call.WriteAsync(new RouteListDto(routes, next), AdminJson.Default.RouteListDto);
    }

    async Task SetAsync(AdminCall call, bool approve)
    {
        RouteChangeDto asked = await call.ReadAsync(AdminJson.Default.RouteChangeDto).ConfigureAwait(false);
        IPNetwork prefix = ReadPrefix(asked.Prefix);
        if (approve && !RouteList.IsExit(prefix) && RouteList.IsOwn(prefix))
        {
            throw AdminCall.Invalid("prefix is among the tailnet's own addresses");
        }

        IPNetwork[] meant = ExitRoutes.Contains(prefix) ? [.. ExitRoutes] : [prefix];
        RouteListDto answer = await admin.ChangeAsync(call, approve ? "route.approve" : "route.unapprove", edit =>
        {
            NodeRecord node = Lookup.Node(edit.Current, asked.Node, admin.Identity.BaseDomain);
            ImmutableArray<IPNetwork> routes = approve ? [.. node.ApprovedRoutes.Union(meant)] : [.. node.ApprovedRoutes.Except(meant)];
            if (!approve && routes.Length == node.ApprovedRoutes.Length)
            {
                throw Lookup.None("route", prefix.ToString(), "", []);
            }

            if (routes.Length > MaxRoutes)
            {
                throw Checks.Conflict($"a node may serve at most {MaxRoutes} routes", "Unapprove some first.");
            }

            if (routes.Length != node.ApprovedRoutes.Length)
            {
                edit.Put(node with { ApprovedRoutes = routes }, Show.Everybody);
            }

            return (new RouteListDto([.. RoutesOf(edit.Current.Nodes[node.Id], edit.Current)]), node.StableId, string.Join(' ', meant));
        }).ConfigureAwait(false);
        await call.WriteAsync(answer, AdminJson.Default.RouteListDto).ConfigureAwait(false);
    }

    static IPNetwork ReadPrefix(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return text.Length <= 64 && slash > 0 && !text.Contains('%', StringComparison.Ordinal) && IPNetwork.TryParse(text, out IPNetwork prefix)
            && IPAddress.TryParse(text.AsSpan(0, slash), out IPAddress? address) && address.Equals(prefix.BaseAddress)
            ? prefix
            : throw AdminCall.Invalid("prefix is not an address and a length without host bits, such as 192.168.7.0/24 or fd00:7::/64");
    }

    IEnumerable<RouteDto> RoutesOf(NodeRecord node, Tailnet tailnet)
    {
        ImmutableArray<IPNetwork> announced = node.Announced;
        return announced.Union(node.ApprovedRoutes).Select(p => new RouteDto
        {
            Node = node.StableId,
            NodeName = $"{node.Label}.{admin.Identity.BaseDomain}",
            Prefix = p.ToString(),
            Announced = announced.Contains(p),
            Approved = node.ApprovedRoutes.Contains(p),
            Primary = tailnet.Primaries.GetValueOrDefault(p) == node.Id || (RouteList.IsExit(p) && node.Routes.Contains(p)),
        });
    }
}
