using System;
using System.CommandLine;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot netcheck: what kind of network this node is on. Exit code 1 when no relay is reached at all.</summary>
internal static class NetcheckCommand
{
    static readonly Option<string?> Every = new("--every") { Description = "Check again and again with this pause: 10s, 1m.", HelpName = "TIME" };

    public static Command Build() => new Command("netcheck",
        """
        Have the agent check the network it is on, now: whether UDP gets through, how it looks from outside, whether the NAT is a hard
        one, what the router offers, and how far the relays are. Takes up to eight seconds. Exit code 1 when no relay answers.

        Examples:
          meshiot netcheck
          meshiot netcheck --json | jq .mappingVariesByDestIp
          meshiot netcheck --every 30s --json      one object a line
        """)
    {
        Every, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        TimeSpan? pause = parsed.GetValue(Every) is { } text ? Durations.Parse(text, "--every") : null;
        bool json = parsed.GetValue(Shared.Json);
        using UnixHttpClient agent = Shared.Agent(parsed);
        while (true)
        {
            NetCheckDto report = await AskAsync(agent, ct);
            if (json)
            {
                Console.Out.WriteLine(pause is null
                    ? JsonSerializer.Serialize(report, CliJson.Default.NetCheckDto) : JsonSerializer.Serialize(report, CliJsonLines.Default.NetCheckDto));
            }
            else
            {
                NetcheckWords.Write(report, Console.Out);
            }

            if (pause is null)
            {
                return report.Nearest is null ? ExitCodes.Failed : ExitCodes.Done;
            }

            await Task.Delay(pause.Value, ct);
        }
    }

    // Most checks take less than a second; who has to wait longer is told what for.
    static async Task<NetCheckDto> AskAsync(UnixHttpClient agent, CancellationToken ct)
    {
        Task<NetCheckDto> check = agent.PostAsync(
            "localapi/v0/netcheck", new NetCheckRequestDto(), LocalApiJson.Default.NetCheckRequestDto, LocalApiJson.Default.NetCheckDto, ct);
        if (!Console.IsErrorRedirected && await Task.WhenAny(check, Task.Delay(TimeSpan.FromSeconds(1), ct)) != check)
        {
            await Console.Error.WriteLineAsync("Waiting for relays that have not answered yet ...");
        }

        return await check;
    }
}
