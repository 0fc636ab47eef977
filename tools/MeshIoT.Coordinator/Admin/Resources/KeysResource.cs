using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Provisioning;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>Auth keys: made, listed, revoked. The secret is in the answer that makes it and nowhere else.</summary>
internal sealed class KeysResource(AdminContext admin)
{
    const string Path = "/api/v1/keys", One = Path + "/{key}";

    const string Example = """
        {"id":"k7","reusable":false,"ephemeral":false,"preapproved":true,"user":"owner","tags":["tag:sensor"],"description":"box 12","created":"2026-11-25T08:00:00+00:00","expires":"2026-11-26T08:00:00+00:00","uses":0}
        """;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Path, "listKeys", "Lists the auth keys, without their secrets.", new(Scopes.KeysRead), ListAsync)
        {
            Query = [QueryParameter.Limit, QueryParameter.Cursor], Response = AdminJson.Default.KeyListDto, ResponseExample = $$"""{"keys":[{{Example}}]}""",
        },
        new("POST", Path, "createKey", "Makes an auth key; its secret is in this answer only.", new(Scopes.KeysWrite), CreateAsync)
        {
            Request = AdminJson.Default.CreateKeyDto, Response = AdminJson.Default.KeyDto, Success = 201, Problems = [404],
            RequestExample = """{"tags":["tag:sensor"],"expirySeconds":86400,"description":"box 12"}""", ResponseExample = Example,
        },
        new("GET", One, "getKey", "One auth key, without its secret.", new(Scopes.KeysRead), GetAsync)
        {
            Response = AdminJson.Default.KeyDto, ResponseExample = Example, Problems = [404],
        },
        new("DELETE", One, "revokeKey", "Revokes an auth key; nodes that joined by it stay.", new(Scopes.KeysWrite), RevokeAsync) { Success = 204, Problems = [404] },
    ];

    Task ListAsync(AdminCall call)
    {
        Tailnet tailnet = admin.Tailnet;
        var (page, next) = AdminContext.Page(tailnet.AuthKeys.Values, k => k.Id, call);
        return call.WriteAsync(new KeyListDto([.. page.Select(k => ToDto(k, tailnet))], next), AdminJson.Default.KeyListDto);
    }

    Task GetAsync(AdminCall call)
    {
        Tailnet tailnet = admin.Tailnet;
        return call.WriteAsync(ToDto(Lookup.Key(tailnet, call.Parameter("key")), tailnet), AdminJson.Default.KeyDto);
    }

    async Task CreateAsync(AdminCall call)
    {
        CreateKeyDto asked = await call.ReadAsync(AdminJson.Default.CreateKeyDto).ConfigureAwait(false);
        TimeSpan lifetime = Checks.Lifetime(asked.ExpirySeconds, AuthKeyRequest.DefaultLifetime, AuthKeyRequest.MaxLifetime);
        ImmutableArray<string> tags = Checks.Tags(asked.Tags);
        string description = Checks.Description(asked.Description);
        Claim claim = Claim.Generate(admin.Random);
        DateTimeOffset now = admin.Now;
        (AuthKey key, KeyDto answer) = await admin.ChangeAsync(call, "key.create", edit =>
        {
            UserRecord user = asked.User is { } login ? Lookup.User(edit.Current, login) : edit.Current.Users[call.Caller.UserId];
            call.Caller.DemandRole(user.Role == UserRole.Owner && user.Id != call.Caller.UserId ? UserRole.Owner : UserRole.Admin);
            AuthKeyRequest request = new(asked.Reusable, asked.Ephemeral, lifetime, tags, description) { UserId = user.Id, Preapproved = asked.Preapproved ?? true };
            AuthKey made = request.Create(edit, claim, now);
            return ((made, ToDto(made, edit.Current)), Lookup.Id('k', made.Id), Describe(made, user));
        }).ConfigureAwait(false);
        admin.Log.AuthKeyCreated(key.Id, (key.Reusable ? "reusable" : "one-off") + (key.Ephemeral ? ", ephemeral" : ""), key.Expires);
        answer = answer with { Key = claim.ExportText(), Claim = admin.Identity.CodeFor(claim) };
        await call.WriteAsync(StatusCodes.Status201Created, answer, AdminJson.Default.KeyDto).ConfigureAwait(false);
    }

    async Task RevokeAsync(AdminCall call)
    {
        AuthKey revoked = await admin.ChangeAsync(call, "key.revoke", edit =>
        {
            AuthKey key = Lookup.Key(edit.Current, call.Parameter("key"));
            edit.Remove(key);
            return (key, Lookup.Id('k', key.Id), $"after {key.Uses} uses");
        }).ConfigureAwait(false);
        admin.Log.AuthKeyRevoked(revoked.Id);
        await call.NoContentAsync().ConfigureAwait(false);
    }

    static string Describe(AuthKey key, UserRecord user) =>
        (key.Reusable ? "reusable" : "one-off") + (key.Ephemeral ? ", ephemeral" : "") + (key.Preapproved ? "" : ", to be approved")
        + (key.Tags.IsEmpty ? $", for {user.Login}" : ", " + string.Join(' ', key.Tags)) + $", until {key.Expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC";

    static KeyDto ToDto(AuthKey key, Tailnet tailnet) => new()
    {
        Id = Lookup.Id('k', key.Id),
        Reusable = key.Reusable,
        Ephemeral = key.Ephemeral,
        Preapproved = key.Preapproved,
        User = AdminContext.LoginOf(tailnet, key.UserId),
        Tags = key.Tags,
        Description = key.Description.Length == 0 ? null : key.Description,
        Created = key.Created,
        Expires = key.Expires,
        Uses = key.Uses,
        Used = key.LastUsed,
    };
}
