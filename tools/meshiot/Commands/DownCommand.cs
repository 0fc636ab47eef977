using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot down: stop talking to the tailnet and keep the membership.</summary>
internal static class DownCommand
{
    public static Command Build() => new Command("down",
        """
        Leave the tailnet for now; "meshiot up" comes back without a key.

        Examples:
          meshiot down && meshiot up           leave and come back under the same address
        """)
    {
        Shared.Socket,
    }.Runs(async (parsed, ct) => await PostAsync("localapi/v0/down", parsed, ct));

    /// <summary>POST without a body; nothing is printed but what the person should know.</summary>
    public static async Task<int> PostAsync(string path, ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient agent = Shared.Agent(parsed);
        StatusDto status = await agent.PostAsync(path, new UpRequestDto(), LocalApiJson.Default.UpRequestDto, LocalApiJson.Default.StatusDto, ct);
        foreach (FaultDto note in status.Health)
        {
            if (note.Code == Faults.LogoutNotTold.Code)
            {
                Console.Error.WriteLine($"meshiot: {note.Code}: {note.Message} Next: {note.Next}");
            }
        }

        return ExitCodes.Done;
    }
}

/// <summary>meshiot logout: give up the membership; the node key is expired at the coordinator.</summary>
internal static class LogoutCommand
{
    public static Command Build() => new Command("logout",
        """
        Leave the tailnet for good: the node key is expired, joining again needs a new key or an approval.

        Examples:
          meshiot logout && meshiot up --claim -         move this node to another tailnet
        """)
    {
        Shared.Socket,
    }.Runs(async (parsed, ct) => await DownCommand.PostAsync("localapi/v0/logout", parsed, ct));
}
