using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>What the server says about itself.</summary>
internal sealed class ServerResource(AdminContext admin)
{
    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/api/v1/server", "getServer", "Who this coordinator is, and how many nodes it has.", RouteAccess.AnyToken, c => c.WriteAsync(admin.Identity.ToDto(admin.Tailnet), AdminJson.Default.ServerDto))
        {
            Response = AdminJson.Default.ServerDto,
            ResponseExample = """{"loginServer":"https://coord.example.net/","serverKey":"mkey:77aa","pin":"0123456789ABCDEF","baseDomain":"tailnet.internal","version":"0.1.0","nodes":12,"online":11}""",
        },
        new("GET", "/healthz", "healthz", "Says ok while the coordinator runs.", RouteAccess.Public, c => c.WriteTextAsync("ok")),
    ];
}
