using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot ping: an ICMP echo through the tunnel.</summary>
internal static class PingCommand
{
    static readonly Argument<string> Node = new("node") { Description = "Name or tailnet address of a node." };

    static readonly Option<int> Count = new("-c") { Description = "How many replies to wait for.", HelpName = "COUNT", DefaultValueFactory = _ => 1 };

    static readonly Option<string> Timeout = new("--timeout") { Description = "How long to wait for one reply: 500ms, 5s, 1m.", HelpName = "TIME", DefaultValueFactory = _ => "5s" };

    public static Command Build() => new Command("ping",
        """
        Send an ICMP echo through the tunnel and say by which path the reply came.

        Examples:
          meshiot ping greenhouse
          meshiot ping -c 5 --timeout 2s 100.64.0.2
        """)
    {
        Node, Count, Timeout, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        string node = parsed.GetRequiredValue(Node);
        TimeSpan timeout = Durations.Parse(parsed.GetRequiredValue(Timeout), "--timeout");
        int count = Math.Clamp(parsed.GetValue(Count), 1, 10_000);
        bool json = parsed.GetValue(Shared.Json);
        List<PingReplyDto> replies = [];
        FaultReport? last = null;
        using UnixHttpClient agent = Shared.Agent(parsed);
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }

            try
            {
                PingReplyDto reply = await agent.PostAsync("localapi/v0/ping",
                    new PingRequestDto(node, (int)Math.Min(timeout.TotalMilliseconds, 60_000)),
                    LocalApiJson.Default.PingRequestDto, LocalApiJson.Default.PingReplyDto, ct);
                replies.Add(reply);
                if (!json)
                {
                    Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"pong from {reply.Name} ({reply.Address}) via {reply.Endpoint ?? reply.Path} in {reply.Milliseconds:0.##}ms"));
                }
            }
            catch (FaultException e) when (e.Report.Fault.ExitCode == ExitCodes.TimedOut)
            {
                last = e.Report;
                Console.Error.WriteLine($"meshiot: no reply from {node} within {timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s");
            }
        }

        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize([.. replies], CliJson.Default.PingReplyDtoArray));
        }

        return replies.Count > 0 ? ExitCodes.Done : Shared.Fail(parsed, last ?? Faults.NoPong.With(node));
    }
}
