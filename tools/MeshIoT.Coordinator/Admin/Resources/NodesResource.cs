using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>The nodes of the registry: listed, changed, approved, expired, removed. A node is named by ID, label or full name.</summary>
internal sealed class NodesResource(AdminContext admin)
{
    const string Path = "/api/v1/nodes", One = Path + "/{node}";

    const string Example = """
        {"id":"n3","name":"greenhouse.tailnet.internal","hostName":"greenhouse","addresses":["100.64.0.3","fd7a:115c:a1e0::3"],"tags":["tag:sensor"],"endpoints":["192.0.2.7:41641"],"nodeKey":"nodekey:5f1d","machineKey":"mkey:77aa","online":true,"approved":true,"ephemeral":false,"renamed":false,"os":"linux","clientVersion":"1.96.5","version":130,"authKey":"k7","announcedRoutes":["192.168.7.0/24"],"approvedRoutes":[],"created":"2026-11-25T08:00:00+00:00","expired":false}
        """;

    static readonly TimeSpan LongestExpiry = TimeSpan.FromDays(3660);

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Path, "listNodes", "Lists the nodes.", new(Scopes.NodesRead), ListAsync)
        {
            Query =
            [
                new("user", "string", "Only this user's nodes: an id or a login."), new("tag", "string", "Only nodes with this tag."),
                new("online", "boolean", "Only nodes that are, or are not, online."), new("approved", "boolean", "Only nodes that are, or are not, approved."),
                new("name", "string", "Only nodes whose name has this in it."), QueryParameter.Limit, QueryParameter.Cursor,
            ],
            Response = AdminJson.Default.NodeListDto, ResponseExample = $$"""{"nodes":[{{Example}}],"nextCursor":"3"}""", Problems = [404],
        },
        new("GET", One, "getNode", "One node.", new(Scopes.NodesRead), GetAsync) { Response = AdminJson.Default.NodeDto, ResponseExample = Example, Problems = [404] },
        new("PATCH", One, "changeNode", "Renames a node, gives it other tags, or moves it to a user; what is absent stays.", new(Scopes.NodesWrite), PatchAsync)
        {
            Request = AdminJson.Default.PatchNodeDto, RequestExample = """{"name":"greenhouse-2","tags":["tag:sensor"]}""",
            Response = AdminJson.Default.NodeDto, ResponseExample = Example, Problems = [404, 409],
        },
        new("DELETE", One, "removeNode", "Removes a node from the tailnet; its id and addresses are not used again.", new(Scopes.NodesWrite), RemoveAsync) { Success = 204, Problems = [404] },
        new("POST", One + "/approve", "approveNode", "Lets a node in that waits for approval.", new(Scopes.NodesWrite), ApproveAsync)
        {
            Response = AdminJson.Default.NodeDto, ResponseExample = Example, Problems = [404],
        },
        new("POST", One + "/expire", "expireNode", "Expires a node's key now: it must log in again.", new(Scopes.NodesWrite), ExpireAsync)
        {
            Response = AdminJson.Default.NodeDto, ResponseExample = Example, Problems = [404],
        },
        new("PUT", One + "/expiry", "setNodeExpiry", "Says when a node's key expires: at a time, so many seconds from now, or never. An expired node comes back.", new(Scopes.NodesWrite), SetExpiryAsync)
        {
            Request = AdminJson.Default.NodeExpiryDto, RequestExample = """{"expirySeconds":7776000}""",
            Response = AdminJson.Default.NodeDto, ResponseExample = Example, Problems = [404],
        },
    ];

    Task ListAsync(AdminCall call)
    {
        Tailnet tailnet = admin.Tailnet;
        long? user = call.Query("user") is { } login ? Lookup.User(tailnet, login).Id : null;
        (string? tag, string? name, bool? online, bool? approved) = (call.Query("tag"), call.Query("name"), call.Flag("online"), call.Flag("approved"));
        IEnumerable<NodeRecord> wanted = tailnet.Nodes.Values.Where(n =>
            (user is null || n.UserId == user)
            && (tag is null || n.Tags.Contains(tag))
            && (online is null || n.Online == online)
            && (approved is null || n.Approved == approved)
            && (name is null || n.Label.Contains(name, StringComparison.OrdinalIgnoreCase)));
        var (page, next) = AdminContext.Page(wanted, n => n.Id, call);
        return call.WriteAsync(new NodeListDto([.. page.Select(n => ToDto(n, tailnet))], next), AdminJson.Default.NodeListDto);
    }

    Task GetAsync(AdminCall call)
    {
        Tailnet tailnet = admin.Tailnet;
        return call.WriteAsync(ToDto(Find(tailnet, call), tailnet), AdminJson.Default.NodeDto);
    }

    async Task PatchAsync(AdminCall call)
    {
        PatchNodeDto asked = await call.ReadAsync(AdminJson.Default.PatchNodeDto).ConfigureAwait(false);
        if (asked is { Tags.Count: > 0, User: not null })
        {
            throw AdminCall.Invalid("tags and user exclude each other: a tagged node belongs to nobody");
        }

        Checks.Tags(asked.Tags);
        await ChangeAsync(call, "node.change", (edit, node) => NodeChanges.Apply(edit, node, asked, call.Caller, admin.Now)).ConfigureAwait(false);
    }

    async Task RemoveAsync(AdminCall call)
    {
        NodeRecord removed = await admin.ChangeAsync(call, "node.delete", edit =>
        {
            NodeRecord node = Find(edit.Current, call);
            edit.Remove(node);
            return (node, node.StableId, node.Label);
        }).ConfigureAwait(false);
        admin.Log.NodeRemoved(removed.Id, removed.Label, "by an administrator");
        await call.NoContentAsync().ConfigureAwait(false);
    }

    Task ApproveAsync(AdminCall call) => ChangeAsync(call, "node.approve", (edit, node) => (node with { Approved = true }, node.Label));

    Task ExpireAsync(AdminCall call) => ChangeAsync(call, "node.expire", (edit, node) => (node with { KeyExpiry = admin.Now }, node.Label));

    async Task SetExpiryAsync(AdminCall call)
    {
        NodeExpiryDto asked = await call.ReadAsync(AdminJson.Default.NodeExpiryDto).ConfigureAwait(false);
        int said = (asked.Expires is null ? 0 : 1) + (asked.ExpirySeconds is null ? 0 : 1) + (asked.Never == true ? 1 : 0);
        if (said != 1)
        {
            throw AdminCall.Invalid("exactly one of expires, expirySeconds and never (true) is needed");
        }

        DateTimeOffset now = admin.Now;
        DateTimeOffset? expiry = asked.Never == true ? null
            : asked.Expires ?? now + Checks.Lifetime(asked.ExpirySeconds is 0 ? -1 : asked.ExpirySeconds, default, LongestExpiry);
        if (expiry > now + LongestExpiry || expiry <= now)
        {
            throw AdminCall.Invalid("expires is not within the next ten years; to expire the key now, use the path that ends in expire");
        }

        await ChangeAsync(call, "node.expiry", (edit, node) => (node with { KeyExpiry = expiry }, expiry is { } at ? $"{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "never")).ConfigureAwait(false);
    }

    async Task ChangeAsync(AdminCall call, string action, Func<TailnetEdit, NodeRecord, (NodeRecord Next, string Detail)> change)
    {
        NodeDto answer = await admin.ChangeAsync(call, action, edit =>
        {
            NodeRecord node = Find(edit.Current, call);
            (NodeRecord next, string detail) = change(edit, node);
            if (next != node)
            {
                edit.Put(next, Show.Everybody);
            }

            return (ToDto(edit.Current.Nodes[node.Id], edit.Current), node.StableId, detail);
        }).ConfigureAwait(false);
        await call.WriteAsync(answer, AdminJson.Default.NodeDto).ConfigureAwait(false);
    }

    NodeRecord Find(Tailnet tailnet, AdminCall call) => Lookup.Node(tailnet, call.Parameter("node"), admin.Identity.BaseDomain);

    NodeDto ToDto(NodeRecord node, Tailnet tailnet) => NodeDtos.Of(node, tailnet, admin.Identity.BaseDomain, admin.Now);
}
