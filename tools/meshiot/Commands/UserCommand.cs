using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Net.Http;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot user: the people whose nodes are on the tailnet.</summary>
internal static class UserCommand
{
    static readonly Argument<string> Name = new("user") { Description = "The user, by login or id (u2)." };

    static readonly Argument<string> Login = new("login") { Description = "A bare name or an e-mail address." };

    static readonly Argument<string> Role = new("role") { Description = "member, admin or owner." };

    static readonly Option<string?> DisplayName = new("--name") { Description = "What clients show (default: the login).", HelpName = "NAME" };

    static readonly Option<string?> WithRole = new("--role") { Description = "member (default), admin or owner.", HelpName = "ROLE" };

    public static Command Build() => new("user", "People whose nodes are on the tailnet.")
    {
        new Command("create",
            """
            Create a user.

            Examples:
              meshiot user create ada
              meshiot user create ada@example.net --name "Ada Lovelace" --role admin
            """) { Login, DisplayName, WithRole }.Asks(CreateAsync),
        new Command("list", "List the users.").Asks(ListAsync),
        new Command("rename", "Give a user another login.") { Name, Login }.Asks(call => PatchAsync(call, new() { Login = call.Value(Login) })),
        new Command("role", "Give a user another role in the administration.") { Name, Role }.Asks(call => PatchAsync(call, new() { Role = call.Value(Role) })),
        new Command("delete", "Delete a user that has no nodes, keys or tokens left.") { Name, CoordinatorCall.Yes }.Asks(DeleteAsync),
        new Command("login-code",
            """
            Make a one-off code with which the user lets one node in on the login page. stdout gets the code; it is good for 15 minutes.

            Example:
              meshiot user login-code ada
            """) { Name }.Asks(LoginCodeAsync),
    };

    static async Task<int> CreateAsync(CoordinatorCall call)
    {
        CreateUserDto asked = new() { Login = call.Value(Login), DisplayName = call.Value(DisplayName), Role = call.Value(WithRole) };
        return Show(call, await call.SendAsync(HttpMethod.Post, "api/v1/users", asked, CoordinatorJson.Default.CreateUserDto, CoordinatorJson.Default.UserDto));
    }

    static async Task<int> ListAsync(CoordinatorCall call)
    {
        List<UserDto> users = await call.ListAsync("api/v1/users", CoordinatorJson.Default.UserListDto, p => (p.Users, p.NextCursor));
        return call.Print(new UserListDto(users), CoordinatorJson.Default.UserListDto, () => Write(users));
    }

    static async Task<int> PatchAsync(CoordinatorCall call, PatchUserDto asked) =>
        Show(call, await call.SendAsync(HttpMethod.Patch, "api/v1/users/" + call.Segment(Name), asked, CoordinatorJson.Default.PatchUserDto, CoordinatorJson.Default.UserDto));

    static async Task<int> DeleteAsync(CoordinatorCall call)
    {
        call.Confirm($"Delete user {call.Value(Name)}");
        await call.DeleteAsync("api/v1/users/" + call.Segment(Name));
        return ExitCodes.Done;
    }

    static async Task<int> LoginCodeAsync(CoordinatorCall call)
    {
        LoginCodeDto code = await call.PostAsync($"api/v1/users/{call.Segment(Name)}/login-codes", CoordinatorJson.Default.LoginCodeDto);
        call.Print(code, CoordinatorJson.Default.LoginCodeDto, () => Console.Out.WriteLine(code.Code));
        return call.Note($"It lets one node in as {code.User}, until {Words.Minute(code.Expires)} UTC. Type it on the login page that the node shows.");
    }

    static int Show(CoordinatorCall call, UserDto user) => call.Print(user, CoordinatorJson.Default.UserDto, () => Write([user]));

    static void Write(List<UserDto> users)
    {
        Columns columns = new();
        columns.Add("ID", "Login", "Name", "Role", "Nodes", "Created");
        foreach (UserDto user in users)
        {
            columns.Add(user.Id, Words.Cell(user.Login), Words.Cell(user.DisplayName), user.Role, user.Nodes.ToString(System.Globalization.CultureInfo.InvariantCulture), Words.Minute(user.Created));
        }

        columns.Write(Console.Out);
    }
}
