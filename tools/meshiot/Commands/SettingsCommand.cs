using System;
using System.CommandLine;
using System.Globalization;
using System.Net.Http;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot settings: what an administrator chooses for the whole tailnet.</summary>
internal static class SettingsCommand
{
    static readonly Option<bool?> NodeApproval = new("--node-approval") { Description = "true: nodes wait for an administrator unless their key is pre-approved.", HelpName = "true|false" };

    static readonly Option<int?> KeyExpiryDays = new("--key-expiry-days") { Description = "How long the node key of a user's node lasts; 0: for ever.", HelpName = "DAYS" };

    public static Command Build() => new("settings", "Settings of the whole tailnet.")
    {
        new Command("get", "Show the settings.").Asks(async call => Show(call, await call.GetAsync("api/v1/settings", CoordinatorJson.Default.SettingsDto))),
        new Command("set",
            """
            Change settings; what is not named stays.

            Example:
              meshiot settings set --node-approval true --key-expiry-days 180
            """) { NodeApproval, KeyExpiryDays }.Asks(SetAsync),
    };

    static async Task<int> SetAsync(CoordinatorCall call)
    {
        PatchSettingsDto asked = new() { NodeApproval = call.Value(NodeApproval), KeyExpiryDays = call.Value(KeyExpiryDays) };
        return Show(call, await call.SendAsync(HttpMethod.Patch, "api/v1/settings", asked, CoordinatorJson.Default.PatchSettingsDto, CoordinatorJson.Default.SettingsDto));
    }

    static int Show(CoordinatorCall call, SettingsDto settings) => call.Print(settings, CoordinatorJson.Default.SettingsDto, () =>
    {
        Columns columns = new();
        columns.Add("node-approval", settings.NodeApproval ? "true" : "false");
        columns.Add("key-expiry-days", settings.KeyExpiryDays.ToString(CultureInfo.InvariantCulture));
        columns.Write(Console.Out);
    });
}
