using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>Machines that wait for a person: listed, let in, sent away.</summary>
internal sealed class LoginsResource(AdminContext admin, PendingLogins logins)
{
    const string Path = "/api/v1/logins", One = Path + "/{login}";

    const string Example = """
        {"id":"0123456789abcdefghjkmnpqrs","hostName":"greenhouse","os":"linux","address":"192.0.2.7","machine":"[AbCdE]","requestedTags":[],"created":"2026-11-25T08:00:00+00:00","expires":"2026-11-25T08:15:00+00:00"}
        """;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Path, "listLogins", "Lists the machines that wait to be let in, the longest waiting first.", new(Scopes.LoginsRead), ListAsync)
        {
            Response = AdminJson.Default.LoginListDto, ResponseExample = $$"""{"logins":[{{Example}}]}""",
        },
        new("GET", One, "getLogin", "One machine that waits.", new(Scopes.LoginsRead), c => c.WriteAsync(ToDto(Find(c)), AdminJson.Default.LoginDto))
        {
            Response = AdminJson.Default.LoginDto, ResponseExample = Example, Problems = [404],
        },
        new("POST", One + "/approve", "approveLogin", "Lets a machine in, as a node of a user.", new(Scopes.LoginsWrite), ApproveAsync)
        {
            Request = AdminJson.Default.ApproveLoginDto, RequestExample = """{"user":"ada"}""", Response = AdminJson.Default.NodeDto, Problems = [404, 409],
        },
        new("POST", One + "/reject", "rejectLogin", "Sends a machine away.", new(Scopes.LoginsWrite), RejectAsync) { Success = 204, Problems = [404] },
    ];

    Task ListAsync(AdminCall call) => call.WriteAsync(new LoginListDto([.. logins.List().Select(ToDto)]), AdminJson.Default.LoginListDto);

    async Task ApproveAsync(AdminCall call)
    {
        ApproveLoginDto asked = await call.ReadAsync(AdminJson.Default.ApproveLoginDto).ConfigureAwait(false);
        PendingLogin login = Find(call);
        Tailnet before = admin.Tailnet;
        UserRecord user = Lookup.User(before, asked.User ?? Lookup.Id('u', call.Caller.UserId));
        call.Caller.DemandRole(user.Role == UserRole.Owner && user.Id != call.Caller.UserId ? UserRole.Owner : UserRole.Admin);
        Registration done = await logins.ApproveAsync(login.Id, user.Id, call.Actor).ConfigureAwait(false);
        Tailnet tailnet = admin.Tailnet;
        NodeRecord node = tailnet.Nodes.GetValueOrDefault(done.Node!.Id) ?? done.Node;
        await call.WriteAsync(NodeDtos.Of(node, tailnet, admin.Identity.BaseDomain, admin.Now), AdminJson.Default.NodeDto).ConfigureAwait(false);
    }

    async Task RejectAsync(AdminCall call)
    {
        await logins.RejectAsync(Find(call).Id, call.Actor).ConfigureAwait(false);
        await call.NoContentAsync().ConfigureAwait(false);
    }

    PendingLogin Find(AdminCall call) => logins.Find(call.Parameter("login")) ?? throw Faults.LoginUnknown.With().ToException();

    static LoginDto ToDto(PendingLogin login) => new()
    {
        Id = login.Id,
        HostName = login.Hostname,
        Os = login.Os,
        Address = login.Remote,
        Machine = login.MachineShort,
        RequestedTags = [.. (login.Request.Hostinfo?.RequestTags ?? []).Where(TagName.IsValid).Take(AuthKeyRequest.MaxTags)],
        Created = login.Created,
        Expires = login.Expires,
    };
}
