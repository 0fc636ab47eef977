using System;
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

/// <summary>meshiot sensor test: reads a sensor of this gateway now, several times, and says what the driver sees.</summary>
internal static class SensorTestCommand
{
    static readonly Argument<string> Target = new("id") { Description = "Id of a sensor of this gateway, or of one of its values." };

    static readonly Option<int> Times = new("--times", "-n") { Description = "How often it is read, 1 to 20.", HelpName = "COUNT", DefaultValueFactory = _ => 3 };

    public static Command Build() => new Command("test",
        """
        Read a sensor of this gateway now, several times, and show what its driver gives (raw), what becomes of it (calibrated, in the
        wanted unit), how long it takes, and what is wrong. Ends with 0 when the last reading is good.

        Examples:
          meshiot sensor test greenhouse
          meshiot sensor test greenhouse.temperature -n 10
          meshiot sensor test tank --json | jq '.runs[-1].milliseconds'
        """)
    {
        Target, Times, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient agent = Shared.Agent(parsed);
        TrialDto trial = await agent.PostAsync(
            "localapi/v0/sensors/test", new TrialRequestDto { Id = parsed.GetRequiredValue(Target), Times = parsed.GetValue(Times) },
            GatewayJson.Default.TrialRequestDto, GatewayJson.Default.TrialDto, ct);
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(trial, CliJson.Default.TrialDto));
        }
        else
        {
            Write(trial);
        }

        TrialRunDto? last = trial.Runs.Count > 0 ? trial.Runs[^1] : null;
        return last is { Fault: null } && last.Values.All(v => v.Value is not null) ? ExitCodes.Done : ExitCodes.Failed;
    }

    static void Write(TrialDto trial)
    {
        Console.Out.WriteLine($"{trial.Device}: driver {trial.Driver} on {trial.Lane}");
        Columns columns = new();
        columns.Add("Reading", "Took", "Sensor", "Raw", "Value");
        for (int i = 0; i < trial.Runs.Count; i++)
        {
            TrialRunDto run = trial.Runs[i];
            foreach (TrialValueDto value in run.Values)
            {
                columns.Add(
                    (i + 1).ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{run.Milliseconds:0.0} ms"), value.Id,
                    Text(value.Raw, value.RawUnit), Text(value.Value, value.Unit));
            }
        }

        columns.Write(Console.Out);
        foreach (FaultDto fault in trial.Runs.Select(r => r.Fault).OfType<FaultDto>().DistinctBy(f => f.Message))
        {
            int times = trial.Runs.Count(r => r.Fault?.Message == fault.Message);
            Console.Error.WriteLine($"meshiot: {fault.Code}: {Words.Cell(fault.Message)} ({times} of {trial.Runs.Count} readings) Next: {Words.Cell(fault.Next)}");
        }
    }

    static string Text(double? value, string unit) => value is { } v ? string.Create(CultureInfo.InvariantCulture, $"{v:0.######} {unit}").TrimEnd() : "-";
}
