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

/// <summary>meshiot sensor list: every sensor with its latest value.</summary>
internal static class SensorListCommand
{
    static readonly Argument<string?> Target = new("gateway") { Description = "Only this gateway.", Arity = ArgumentArity.ZeroOrOne };

    public static Command Build() => new Command("list",
        """
        List the sensors of all gateways, or of one, with their latest values.

        Examples:
          meshiot sensor list
          meshiot sensor list greenhouse --json
        """)
    {
        Target, SensorOptions.Gateway, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        SensorQuery query = SensorQuery.Parse(parsed.GetValue(Target), parsed.GetValue(SensorOptions.Gateway));
        using UnixHttpClient agent = Shared.Agent(parsed);
        SensorsDto answer = await query.AskAsync(agent, ct, parsed.GetValue(Shared.Json) ? null : "24h");
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(answer, CliJson.Default.SensorsDto));
        }
        else
        {
            Columns columns = new();
            bool isPast = answer.Gateways.Any(g => g.Sensors.Any(s => s.Recent is not null)), blocks = Sparkline.HasBlocks;
            columns.Add([.. (string[])["Gateway", "Sensor", "Value", "Unit", "Age", "Quality", "Name"], .. isPast ? ["Last 24 h"] : Array.Empty<string>()]);
            foreach (GatewaySensorsDto gateway in answer.Gateways)
            {
                foreach (SensorDto s in gateway.Sensors.Where(query.Wants))
                {
                    string age = s.Time is { } time ? Words.Age(DateTimeOffset.UtcNow - time) : "-";
                    columns.Add(
                    [
                        .. (string[])[Words.Cell(gateway.Gateway), Words.Cell(s.Id), Words.Value(s), Words.Cell(s.Unit), age, Words.Quality(s), Words.Cell(s.Name)],
                        .. isPast ? [Sparkline.Of(s.Recent, blocks)] : Array.Empty<string>(),
                    ]);
                }
            }

            columns.Write(Console.Out);
            foreach (GatewaySensorsDto silent in answer.Gateways.Where(g => g.Error is not null))
            {
                Console.Error.WriteLine($"meshiot: {silent.Gateway}: {silent.Error!.Code}: {silent.Error.Message}");
            }
        }

        return answer.Gateways.Any(g => g.Error is null) ? ExitCodes.Done : ExitCodes.Failed;
    }
}
