using System;
using System.CommandLine;
using System.Net.Http;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot login: machines that wait for a person to let them in.</summary>
internal static class LoginCommand
{
    static readonly Argument<string> Id = new("id") { Description = "The login: the end of the address that the machine shows, from \"meshiot login list\"." };

    static readonly Option<string?> User = new("--user") { Description = "Whose node it becomes, by login or id (default: the owner's).", HelpName = "USER" };

    public static Command Build() => new("login", "Machines that wait for a person to let them in.")
    {
        new Command("list", "List the machines that wait.").Asks(ListAsync),
        new Command("approve",
            """
            Let a machine in. Compare its key with what the machine shows first.

            Example:
              meshiot login approve 0123456789abcdefghjkmnpqrs --user ada
            """) { Id, User }.Asks(call => ApproveAsync(call, call.Value(Id), call.Value(User))),
        new Command("reject", "Send a machine away.") { Id }.Asks(RejectAsync),
    };

    /// <summary>Lets a machine in.</summary>
    public static async Task<int> ApproveAsync(CoordinatorCall call, string id, string? user)
    {
        NodeDto node = await call.SendAsync(HttpMethod.Post, $"api/v1/logins/{Uri.EscapeDataString(id)}/approve", new ApproveLoginDto { User = user },
            CoordinatorJson.Default.ApproveLoginDto, CoordinatorJson.Default.NodeDto);
        return call.Print(node, CoordinatorJson.Default.NodeDto, () => Console.Out.WriteLine($"{node.Id}  {Words.Cell(node.Name)}  {string.Join(", ", node.Addresses)}"));
    }

    static async Task<int> ListAsync(CoordinatorCall call)
    {
        LoginListDto list = await call.GetAsync("api/v1/logins", CoordinatorJson.Default.LoginListDto);
        return call.Print(list, CoordinatorJson.Default.LoginListDto, () =>
        {
            Columns columns = new();
            columns.Add("ID", "Host name", "OS", "Address", "Machine", "Tags", "Waits");
            foreach (LoginDto login in list.Logins)
            {
                columns.Add(login.Id, Words.Cell(login.HostName), Words.Cell(login.Os), Words.Cell(login.Address), Words.Cell(login.Machine), Words.Cell(login.RequestedTags), Words.Age(DateTimeOffset.UtcNow - login.Created));
            }

            columns.Write(Console.Out);
        });
    }

    static async Task<int> RejectAsync(CoordinatorCall call)
    {
        await call.PostAsync($"api/v1/logins/{call.Segment(Id)}/reject");
        return ExitCodes.Done;
    }
}
