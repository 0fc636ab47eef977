using System;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot debug path: where a peer may be, what was tried, and why its packets go where they go.</summary>
internal static class DebugPathCommand
{
    static readonly Argument<string> Node = new("node") { Description = "Name or tailnet address of a peer." };

    public static Command Build() => new Command("path",
        """
        Show how a peer is reached, and why so: every endpoint where it may be, who named it, when it was last pinged and answered, and
        the points by which the choice was made. A * marks the endpoint in use.

        Points: how near the kind of the address is (loopback 50, link-local 30, private 20; IPv6 10 more), and what percentage of the
        time it saves. An endpoint takes the place of the one in use only with more points, and never for the sake of a single one.

        Examples:
          meshiot debug path greenhouse
          meshiot debug path greenhouse --json | jq -r '.candidates[] | [.endpoint, .verdict] | @tsv'
        """)
    {
        Node, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        string node = parsed.GetRequiredValue(Node);
        using UnixHttpClient agent = Shared.Agent(parsed);
        PathDto path = await agent.GetAsync("localapi/v0/path?node=" + Uri.EscapeDataString(node), LocalApiJson.Default.PathDto, ct);
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(path, CliJson.Default.PathDto));
            return ExitCodes.Done;
        }

        Console.Out.WriteLine($"{Words.Cell(path.Name)} ({path.Address})");
        Columns facts = new();
        facts.Add("  in use", PathWords.InUse(path));
        facts.Add("  because", PathWords.Because(path));
        facts.Add("  relay", PathWords.Relays(path));
        facts.Add("  session", PathWords.Session(path));
        facts.Write(Console.Out);
        if (path.Candidates.Count > 0)
        {
            Console.Out.WriteLine();
            Table(path).Write(Console.Out);
        }

        return ExitCodes.Done;
    }

    static Columns Table(PathDto path)
    {
        Columns table = new();
        table.Add("  Endpoint", "From", "Pinged", "Answered", "Latency", "Points", "Verdict");
        foreach (CandidateDto c in path.Candidates)
        {
            table.Add(
                (c.Verdict == "chosen" ? "* " : "  ") + c.Endpoint,
                c.From.Count == 0 ? "-" : string.Join(", ", c.From),
                PathWords.Ago(c.Pinged),
                PathWords.Ago(c.Answered),
                c.Latency is { } latency ? $"{latency} ms" : "-",
                c.Speed is { } speed ? $"{c.Nearness} + {speed}" : c.Nearness.ToString(System.Globalization.CultureInfo.InvariantCulture),
                PathWords.Verdict(c));
        }

        return table;
    }
}
