using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>API tokens: made, listed, revoked. Nobody makes a token that may do more than itself.</summary>
internal sealed class TokensResource(AdminContext admin)
{
    const string Path = "/api/v1/tokens", One = Path + "/{token}";

    const string Example = """{"id":"t2","user":"owner","scopes":["nodes:read","keys:write"],"description":"backup job","created":"2026-11-25T08:00:00+00:00","expires":"2027-02-23T08:00:00+00:00"}""";

    const int MaxTokens = 10_000;

    static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(90), MaxLifetime = TimeSpan.FromDays(366);

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Path, "listTokens", "Lists the API tokens, without their secrets.", new(Scopes.TokensRead), ListAsync)
        {
            Query = [QueryParameter.Limit, QueryParameter.Cursor], Response = AdminJson.Default.TokenListDto, ResponseExample = $$"""{"tokens":[{{Example}}]}""",
        },
        new("POST", Path, "createToken", "Makes an API token; its secret is in this answer only.", new(Scopes.TokensWrite), CreateAsync)
        {
            Request = AdminJson.Default.CreateTokenDto, RequestExample = """{"scopes":["nodes:read","keys:*"],"description":"backup job","expirySeconds":7776000}""",
            Response = AdminJson.Default.TokenDto, ResponseExample = Example, Success = 201, Problems = [404, 409],
        },
        new("GET", One, "getToken", "One API token, without its secret.", new(Scopes.TokensRead), GetAsync) { Response = AdminJson.Default.TokenDto, ResponseExample = Example, Problems = [404] },
        new("DELETE", One, "revokeToken", "Revokes an API token, at once.", new(Scopes.TokensWrite), RevokeAsync) { Success = 204, Problems = [404] },
    ];

    Task ListAsync(AdminCall call)
    {
        Tailnet tailnet = admin.Tailnet;
        var (page, next) = AdminContext.Page(tailnet.ApiTokens.Values, t => t.Id, call);
        return call.WriteAsync(new TokenListDto([.. page.Select(t => ToDto(t, tailnet))], next), AdminJson.Default.TokenListDto);
    }

    Task GetAsync(AdminCall call)
    {
        Tailnet tailnet = admin.Tailnet;
        return call.WriteAsync(ToDto(Lookup.Token(tailnet, call.Parameter("token")), tailnet), AdminJson.Default.TokenDto);
    }

    async Task CreateAsync(AdminCall call)
    {
        CreateTokenDto asked = await call.ReadAsync(AdminJson.Default.CreateTokenDto).ConfigureAwait(false);
        ImmutableArray<string> scopes = ReadScopes(asked.Scopes);
        TimeSpan lifetime = Checks.Lifetime(asked.ExpirySeconds, DefaultLifetime, MaxLifetime);
        string description = Checks.Description(asked.Description), secret = ApiTokenText.Generate(admin.Random);
        DateTimeOffset now = admin.Now;
        TokenDto answer = await admin.ChangeAsync(call, "token.create", edit =>
        {
            UserRecord user = asked.User is { } login ? Lookup.User(edit.Current, login) : edit.Current.Users[call.Caller.UserId];
            call.Caller.DemandAtLeast(user.Role, scopes);
            if (user.Role == UserRole.Member)
            {
                throw Checks.Conflict($"{user.Login} is a member, and members have no part in the administration", "Make a token for an admin or owner, or give that user the role.");
            }

            if (edit.Current.ApiTokens.Count >= MaxTokens)
            {
                throw Checks.Conflict($"there are {MaxTokens} tokens already", "Revoke tokens that are not needed.");
            }

            ApiToken token = new(edit.NewApiTokenId(), ApiTokenText.HashOf(secret)!, user.Id, description, scopes, now, now + lifetime, null);
            edit.Put(token);
            return (ToDto(token, edit.Current), Lookup.Id('t', token.Id), $"for {user.Login}: {string.Join(' ', scopes)}, until {token.Expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        }).ConfigureAwait(false);
        await call.WriteAsync(StatusCodes.Status201Created, answer with { Token = secret }, AdminJson.Default.TokenDto).ConfigureAwait(false);
    }

    async Task RevokeAsync(AdminCall call)
    {
        await admin.ChangeAsync(call, "token.revoke", edit =>
        {
            ApiToken token = Lookup.Token(edit.Current, call.Parameter("token"));
            if (edit.Current.Users.TryGetValue(token.UserId, out UserRecord? user))
            {
                call.Caller.DemandRole(user.Role);
            }

            edit.Remove(token);
            return (token, Lookup.Id('t', token.Id), token.Description);
        }).ConfigureAwait(false);
        await call.NoContentAsync().ConfigureAwait(false);
    }

    static ImmutableArray<string> ReadScopes(IReadOnlyList<string> asked)
    {
        if (asked.Count == 0 || asked.Count > Scopes.Known.Length)
        {
            throw AdminCall.Invalid($"scopes has not 1 to {Scopes.Known.Length} entries");
        }

        return [.. asked.Select(s => Scopes.Parse(s) ?? throw AdminCall.Invalid("scopes has an entry that is none of " + string.Join(", ", Scopes.Known))).Distinct()];
    }

    static TokenDto ToDto(ApiToken token, Tailnet tailnet) => new()
    {
        Id = Lookup.Id('t', token.Id),
        User = AdminContext.LoginOf(tailnet, token.UserId) ?? Lookup.Id('u', token.UserId),
        Scopes = token.Scopes,
        Description = token.Description.Length == 0 ? null : token.Description,
        Created = token.Created,
        Expires = token.Expires,
        LastUsed = token.LastUsed,
    };
}
