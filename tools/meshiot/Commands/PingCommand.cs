using System;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot ping: whether a node answers, by which path, and how fast.</summary>
internal static class PingCommand
{
    static readonly Argument<string> Node = new("node") { Description = "Name or tailnet address of a node." };

    static readonly Option<int> Count = new("-c") { Description = "Pings to send at most; 0: until it is ended.", HelpName = "COUNT", DefaultValueFactory = _ => 10 };

    static readonly Option<string> Timeout = new("--timeout") { Description = "How long to wait for one reply: 500ms, 5s, 1m.", HelpName = "TIME", DefaultValueFactory = _ => "5s" };

    static readonly Option<bool> Direct = new("--until-direct") { Description = "Stop as soon as a reply came straight from the node; --until-direct=false goes on.", DefaultValueFactory = _ => true };

    static readonly Option<bool> Disco = new("--disco") { Description = "Ping outside the tunnel, over every path there may be (what happens anyway)." };

    static readonly Option<bool> Tsmp = new("--tsmp") { Description = "Ping the node's agent inside the tunnel: works whatever policy and firewall say." };

    static readonly Option<bool> Icmp = new("--icmp") { Description = "Ping the node's system inside the tunnel: policy and firewall must allow it." };

    public static Command Build() => new Command("ping",
        """
        Ping a node and say by which path it answers. The first pings may come back by a relay; they make both sides look for a
        direct path, and the command ends when one is found, or after COUNT pings.

        Exit codes: 0 answered (straight, unless --until-direct=false), 1 no direct path came about, 3 no answer,
        8 no agent here, 10 no such node.

        Examples:
          meshiot ping greenhouse                    until the path is direct
          meshiot ping -c 5 --until-direct=false --timeout 2s 100.64.0.2
          meshiot ping --tsmp greenhouse             is the tunnel well?
          meshiot ping --icmp greenhouse             do policy and firewall let an echo through?
          meshiot ping --json greenhouse             one object a line
        """)
    {
        Node, Count, Timeout, Direct, Disco, Tsmp, Icmp, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        string node = parsed.GetRequiredValue(Node), kind = Kind(parsed);
        TimeSpan timeout = Durations.Parse(parsed.GetRequiredValue(Timeout), "--timeout");
        PingRequestDto request = new(node, (int)Math.Min(timeout.TotalMilliseconds, 60_000), kind);
        int count = parsed.GetValue(Count) is > 0 and var limited ? limited : int.MaxValue, sent = 0;
        bool untilDirect = parsed.GetValue(Direct) && kind == "disco";

        // Inside the tunnel one answer says it all, unless a number was asked for.
        bool onceIsEnough = kind != "disco" && parsed.GetResult(Count) is null or { Implicit: true };
        PingReplyDto? last = null;
        FaultReport? silence = null;
        using UnixHttpClient agent = Shared.Agent(parsed);
        while (true)
        {
            try
            {
                last = await agent.PostAsync("localapi/v0/ping", request, LocalApiJson.Default.PingRequestDto, LocalApiJson.Default.PingReplyDto, ct);
                Show(parsed, last);
                if (last.Path == "local" || onceIsEnough || (untilDirect && last.Path == "direct"))
                {
                    return ExitCodes.Done;
                }
            }
            catch (FaultException e) when (e.Report.Fault.ExitCode == ExitCodes.TimedOut)
            {
                silence = e.Report;
                await Console.Error.WriteLineAsync($"meshiot: no reply from {node} within {timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s");
            }

            if (++sent == count)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), ct);
        }

        return last is null ? Shared.Fail(parsed, sent == 1 ? silence! : Faults.NoPong.With(node, sent))
            : untilDirect ? Shared.Fail(parsed, Faults.DirectNotEstablished.With(node, Words.Via(last), sent))
            : ExitCodes.Done;
    }

    static string Kind(ParseResult parsed) => (parsed.GetValue(Disco), parsed.GetValue(Tsmp), parsed.GetValue(Icmp)) switch
    {
        (_, false, false) => "disco",
        (false, true, false) => "tsmp",
        (false, false, true) => "icmp",
        _ => throw Faults.OptionMalformed.With("The kind of ping", "more than one", "one of --disco, --tsmp, --icmp").ToException(),
    };

    static void Show(ParseResult parsed, PingReplyDto reply)
    {
        string kind = reply.Kind is null or "disco" ? "" : $" ({reply.Kind})";
        Console.Out.WriteLine(
            parsed.GetValue(Shared.Json) ? JsonSerializer.Serialize(reply, CliJsonLines.Default.PingReplyDto)
            : reply.Path == "local" ? $"{reply.Name} ({reply.Address}) is this node itself"
            : $"pong from {Words.Cell(reply.Name)} ({reply.Address}) via {Words.Via(reply)} in {Words.Milliseconds(reply.Milliseconds)}{kind}");
    }
}
