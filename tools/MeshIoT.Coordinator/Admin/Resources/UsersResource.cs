using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>Users: made, listed, changed, and deleted once they own nothing. Named by ID or login. The first one stays, as an owner.</summary>
internal sealed class UsersResource(AdminContext admin, LoginCodes codes)
{
    const string Path = "/api/v1/users", One = Path + "/{user}";

    const string Example = """{"id":"u2","login":"ada","displayName":"Ada","role":"member","nodes":3,"created":"2026-11-25T08:00:00+00:00"}""";

    const int MaxUsers = 10_000;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Path, "listUsers", "Lists the users.", new(Scopes.UsersRead), ListAsync)
        {
            Query = [QueryParameter.Limit, QueryParameter.Cursor], Response = AdminJson.Default.UserListDto, ResponseExample = $$"""{"users":[{{Example}}]}""",
        },
        new("POST", Path, "createUser", "Makes a user.", new(Scopes.UsersWrite), CreateAsync)
        {
            Request = AdminJson.Default.CreateUserDto, RequestExample = """{"login":"ada","displayName":"Ada"}""",
            Response = AdminJson.Default.UserDto, ResponseExample = Example, Success = 201, Problems = [409],
        },
        new("GET", One, "getUser", "One user.", new(Scopes.UsersRead), GetAsync) { Response = AdminJson.Default.UserDto, ResponseExample = Example, Problems = [404] },
        new("PATCH", One, "changeUser", "Changes login, name or role of a user; what is absent stays.", new(Scopes.UsersWrite), PatchAsync)
        {
            Request = AdminJson.Default.PatchUserDto, RequestExample = """{"role":"admin"}""", Response = AdminJson.Default.UserDto, ResponseExample = Example, Problems = [404, 409],
        },
        new("DELETE", One, "deleteUser", "Deletes a user that has no nodes, auth keys or API tokens left.", new(Scopes.UsersWrite), DeleteAsync) { Success = 204, Problems = [404, 409] },
        new("POST", One + "/login-codes", "createLoginCode", "Makes a one-off code with which the user lets one node in on the login page. Good for 15 minutes.", new(Scopes.LoginsWrite), CreateCodeAsync)
        {
            Response = AdminJson.Default.LoginCodeDto, Success = 201, Problems = [404, 409],
            ResponseExample = """{"code":"K7QF2-9XMBT","user":"ada","expires":"2026-11-25T08:15:00+00:00"}""",
        },
    ];

    Task ListAsync(AdminCall call)
    {
        Tailnet tailnet = admin.Tailnet;
        Dictionary<long, int> nodes = tailnet.Nodes.Values.CountBy(n => n.UserId).ToDictionary();
        var (page, next) = AdminContext.Page(tailnet.Users.Values, u => u.Id, call);
        return call.WriteAsync(new UserListDto([.. page.Select(u => ToDto(u, nodes.GetValueOrDefault(u.Id)))], next), AdminJson.Default.UserListDto);
    }

    Task GetAsync(AdminCall call)
    {
        Tailnet tailnet = admin.Tailnet;
        return call.WriteAsync(ToDto(Lookup.User(tailnet, call.Parameter("user")), tailnet), AdminJson.Default.UserDto);
    }

    async Task CreateAsync(AdminCall call)
    {
        CreateUserDto asked = await call.ReadAsync(AdminJson.Default.CreateUserDto).ConfigureAwait(false);
        string login = Checks.Login(asked.Login), name = Checks.DisplayName(asked.DisplayName ?? login);
        UserRole role = Checks.Role(asked.Role ?? "member");
        call.Caller.DemandRole(role);
        DateTimeOffset now = admin.Now;
        UserDto answer = await admin.ChangeAsync(call, "user.create", edit =>
        {
            DemandFree(edit.Current, login, 0);
            if (edit.Current.Users.Count >= MaxUsers)
            {
                throw Checks.Conflict($"there are {MaxUsers} users already", "Delete users that are not needed.");
            }

            UserRecord user = new(edit.NewUserId(), login, name, role, now);
            edit.Put(user);
            return (ToDto(user, edit.Current), Lookup.Id('u', user.Id), $"{login}, {Word(role)}");
        }).ConfigureAwait(false);
        await call.WriteAsync(StatusCodes.Status201Created, answer, AdminJson.Default.UserDto).ConfigureAwait(false);
    }

    async Task PatchAsync(AdminCall call)
    {
        PatchUserDto asked = await call.ReadAsync(AdminJson.Default.PatchUserDto).ConfigureAwait(false);
        if (asked is { Login: null, DisplayName: null, Role: null })
        {
            throw AdminCall.Invalid("none of login, displayName and role is there");
        }

        UserDto answer = await admin.ChangeAsync(call, "user.change", edit =>
        {
            UserRecord user = Lookup.User(edit.Current, call.Parameter("user"));
            UserRecord next = user with
            {
                Login = asked.Login is { } login ? Checks.Login(login) : user.Login,
                DisplayName = asked.DisplayName is { } name ? Checks.DisplayName(name) : user.DisplayName,
                Role = asked.Role is { } role ? Checks.Role(role) : user.Role,
            };
            call.Caller.DemandRole(user.Role > next.Role ? user.Role : next.Role);
            DemandFree(edit.Current, next.Login, user.Id);
            DemandFirstStays(user, next.Role);
            edit.Put(next);
            return (ToDto(next, edit.Current), Lookup.Id('u', user.Id), Describe(user, next));
        }).ConfigureAwait(false);
        await call.WriteAsync(answer, AdminJson.Default.UserDto).ConfigureAwait(false);
    }

    async Task DeleteAsync(AdminCall call)
    {
        await admin.ChangeAsync(call, "user.delete", edit =>
        {
            Tailnet tailnet = edit.Current;
            UserRecord user = Lookup.User(tailnet, call.Parameter("user"));
            call.Caller.DemandRole(user.Role);
            DemandFirstStays(user, UserRole.Member);
            (int nodes, int keys, int tokens) = (tailnet.Nodes.Values.Count(n => n.UserId == user.Id),
                tailnet.AuthKeys.Values.Count(k => k.UserId == user.Id), tailnet.ApiTokens.Values.Count(t => t.UserId == user.Id));
            if (nodes + keys + tokens > 0)
            {
                throw Checks.Conflict($"{user.Login} still has {nodes} nodes, {keys} auth keys and {tokens} API tokens", "Delete or move the nodes, and revoke the keys and tokens.");
            }

            edit.Remove(user);
            return (user, Lookup.Id('u', user.Id), user.Login);
        }).ConfigureAwait(false);
        await call.NoContentAsync().ConfigureAwait(false);
    }

    async Task CreateCodeAsync(AdminCall call)
    {
        LoginCodeDto answer = await admin.ChangeAsync(call, "user.login-code", edit =>
        {
            UserRecord user = Lookup.User(edit.Current, call.Parameter("user"));
            call.Caller.DemandRole(user.Role == UserRole.Owner ? UserRole.Owner : UserRole.Admin);
            (string code, DateTimeOffset expires) = codes.Create(user.Id);
            return (new LoginCodeDto { Code = code, User = user.Login, Expires = expires }, Lookup.Id('u', user.Id), user.Login);
        }).ConfigureAwait(false);
        await call.WriteAsync(StatusCodes.Status201Created, answer, AdminJson.Default.LoginCodeDto).ConfigureAwait(false);
    }

    static void DemandFree(Tailnet tailnet, string login, long id)
    {
        if (tailnet.FindUser(login) is { } other && other.Id != id)
        {
            throw Checks.Conflict($"there is a user {other.Login}", "Choose another login.");
        }
    }

    static void DemandFirstStays(UserRecord user, UserRole next)
    {
        if (user.Id == UserRecord.OwnerId && next != UserRole.Owner)
        {
            throw Checks.Conflict("the first user stays, as an owner", "Rename it instead.");
        }
    }

    static string Describe(UserRecord before, UserRecord after)
    {
        List<string> changes = [];
        Note("login", before.Login, after.Login);
        Note("name", before.DisplayName, after.DisplayName);
        Note("role", Word(before.Role), Word(after.Role));
        return string.Join("; ", changes);

        void Note(string what, string was, string now)
        {
            if (was != now)
            {
                changes.Add($"{what} {was} -> {now}");
            }
        }
    }

    static string Word(UserRole role) => role.ToString().ToLowerInvariant();

    static UserDto ToDto(UserRecord user, Tailnet tailnet) => ToDto(user, tailnet.Nodes.Values.Count(n => n.UserId == user.Id));

    static UserDto ToDto(UserRecord user, int nodes) => new()
    {
        Id = Lookup.Id('u', user.Id),
        Login = user.Login,
        DisplayName = user.DisplayName,
        Role = Word(user.Role),
        Nodes = nodes,
        Created = user.Created,
    };
}
