using System;
using System.Collections.Generic;

namespace MeshIoT.Coordinator;

/// <summary>Puts the administration together: every resource's operations, and the document that describes them.</summary>
internal static class Administration
{
    /// <summary>Refused tokens and codes of one address before it must wait, and the time after which one is forgiven.</summary>
    static readonly (int Burst, TimeSpan ForgivenAfter) Failures = (20, TimeSpan.FromSeconds(30));

    /// <summary>The REST interface, and the login page.</summary>
    public static (AdminApi Api, LoginEndpoint Login) Create(AdminContext admin, PendingLogins logins, Func<long, int, IReadOnlyList<AuditEntry>> readAudit)
    {
        FailureGate failures = new(Failures.Burst, Failures.ForgivenAfter, admin.Time);
        TokenGate tokens = new(admin.Writer, failures, admin.Time, admin.Log);
        LoginCodes codes = new(admin.Random, admin.Time);
        RouteTable routes = Routes(admin, logins, codes, readAudit);
        return (new AdminApi(routes, tokens, admin.Limits), new LoginEndpoint(admin, logins, codes, tokens, failures));
    }

    /// <summary>Every operation.</summary>
    public static RouteTable Routes(AdminContext admin, PendingLogins logins, LoginCodes codes, Func<long, int, IReadOnlyList<AuditEntry>> readAudit)
    {
        List<AdminRoute> all =
        [
            .. new KeysResource(admin).Routes,
            .. new NodesResource(admin).Routes,
            .. new RoutesResource(admin).Routes,
            .. new UsersResource(admin, codes).Routes,
            .. new PolicyResource(admin).Routes,
            .. new LoginsResource(admin, logins).Routes,
            .. new TokensResource(admin).Routes,
            .. new SettingsResource(admin).Routes,
            .. new AuditResource(readAudit).Routes,
            .. new ServerResource(admin).Routes,
        ];
        Lazy<byte[]> document = new(() => OpenApiDocument.Write(all));
        all.Add(new("GET", OpenApiDocument.Path, "getOpenApi", "This document.", RouteAccess.Public, c => c.WriteRawAsync(document.Value)));
        return new RouteTable(all);
    }
}
