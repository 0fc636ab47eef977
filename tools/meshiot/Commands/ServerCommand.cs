using System;
using System.CommandLine;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot server: who the coordinator is.</summary>
internal static class ServerCommand
{
    public static Command Build() => new("server", "The coordinator itself.")
    {
        new Command("show", "Its address, key, pin and version, and how many nodes it has.").Asks(ShowAsync),
    };

    static async Task<int> ShowAsync(CoordinatorCall call)
    {
        ServerDto server = await call.GetAsync("api/v1/server", CoordinatorJson.Default.ServerDto);
        return call.Print(server, CoordinatorJson.Default.ServerDto, () =>
        {
            Columns columns = new();
            columns.Add("Login server", Words.Cell(server.LoginServer));
            columns.Add("Key", server.ServerKey);
            columns.Add("Pin", server.Pin);
            columns.Add("Domain", Words.Cell(server.BaseDomain));
            columns.Add("Version", Words.Cell(server.Version));
            columns.Add("Nodes", $"{server.Nodes}, {server.Online} online");
            columns.Write(Console.Out);
        });
    }
}
