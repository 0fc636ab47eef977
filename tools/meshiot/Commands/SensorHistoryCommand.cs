using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot sensor history: what a sensor measured, as a line of heights and a table.</summary>
internal static class SensorHistoryCommand
{
    static readonly Argument<string> Target = new("sensor") { Description = "SENSOR (on every gateway that has it), or GATEWAY/SENSOR." };

    static readonly Option<string> How = new("--resolution")
    {
        Description = "raw, minute, quarter-hour, hour, day, or auto: the finest that is kept and fits.", HelpName = "WORD", DefaultValueFactory = _ => "auto",
    };

    static readonly Option<int> Points = new("--points") { Description = "At most so many lines, 1 to 10000 (default 48).", HelpName = "COUNT", DefaultValueFactory = _ => 48 };

    public static Command Build() => new Command("history",
        """
        Show what a sensor measured: a line of heights, then a table of times with the smallest value, the mean, the largest and how many values
        each line stands for. Times are this machine's.

        Examples:
          meshiot sensor history air
          meshiot sensor history greenhouse/air --since 7d --resolution hour
          meshiot sensor history greenhouse/air --from 2026-11-01 --to 2026-11-08 --json
        """)
    {
        Target, SensorOptions.Gateway, SensorTimes.Since, SensorTimes.From, SensorTimes.To, How, Points, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        (long from, long to) = SensorTimes.Read(parsed);
        int points = parsed.GetValue(Points);
        if (points is < 1 or > 10_000)
        {
            throw Faults.OptionMalformed.With("--points", points, "a number from 1 to 10000").ToException();
        }

        using UnixHttpClient agent = Shared.Agent(parsed);
        IReadOnlyList<SensorPlace> places = await SensorPlace.FindAsync(agent, [parsed.GetRequiredValue(Target)], parsed.GetValue(SensorOptions.Gateway), ct);
        List<HistoryAnswer> answers = [];
        FaultReport? trouble = null;
        foreach (SensorPlace place in places)
        {
            try
            {
                string query = string.Create(CultureInfo.InvariantCulture, $"/history?from={from}&to={to}&points={points}&resolution={Uri.EscapeDataString(parsed.GetRequiredValue(How))}");
                HistoryDto history = await agent.GetAsync(place.PathOf(query), GatewayJson.Default.HistoryDto, ct);
                answers.Add(new HistoryAnswer(place.Gateway, place.Sensor?.Name, history));
            }
            catch (FaultException e) when (places.Count > 1)
            {
                Console.Error.WriteLine($"meshiot: {Words.Cell(place.Name)}: {e.Report.Fault.Code}: {e.Report.Message}");
                trouble = e.Report;
            }
        }

        if (answers.Count == 0 && trouble is not null)
        {
            return trouble.Fault.ExitCode;
        }

        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(answers, CliJson.Default.ListHistoryAnswer));
        }
        else
        {
            for (int i = 0; i < answers.Count; i++)
            {
                if (i > 0)
                {
                    Console.Out.WriteLine();
                }

                HistoryWords.Write(Console.Out, answers[i], from, to, Sparkline.HasBlocks);
            }
        }

        return answers.Any(answer => answer.History.Points.Count > 0) ? ExitCodes.Done : ExitCodes.Failed;
    }
}
