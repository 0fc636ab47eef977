using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot sensor read: one value, nothing else on stdout.</summary>
internal static class SensorReadCommand
{
    static readonly Argument<string> Target = new("sensor") { Description = "GATEWAY/SENSOR, or SENSOR if only one gateway has it." };

    public static Command Build() => new Command("read",
        """
        Read one sensor through the tunnel. stdout gets the value and its unit.

        Examples:
          meshiot sensor read greenhouse/sim.air_temperature
          meshiot sensor read w1.28-0316a2798bff --json
        """)
    {
        Target, SensorOptions.Gateway, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        string target = parsed.GetRequiredValue(Target);
        SensorQuery query = SensorQuery.ParseSensor(target, parsed.GetValue(SensorOptions.Gateway));
        using UnixHttpClient agent = Shared.Agent(parsed);
        SensorsDto answer = await query.AskAsync(agent, ct);
        List<(GatewaySensorsDto Gateway, SensorDto Sensor)> found = [.. answer.Gateways.SelectMany(g => g.Sensors.Where(query.Wants).Select(s => (g, s)))];
        if (found.Count > 1)
        {
            throw Faults.SensorAmbiguous.With(query.Sensor ?? target, string.Join(", ", found.Select(f => f.Gateway.Gateway).Distinct())).ToException();
        }

        if (found.Count == 0)
        {
            FaultDto? error = answer.Gateways.FirstOrDefault(g => g.Error is not null)?.Error;
            return Shared.Fail(parsed, error is not null && answer.Gateways.All(g => g.Error is not null)
                ? new FaultReport(new Fault(error.Code, Severity.Medium, ExitCodes.Failed, "", ""), error.Message, error.Next)
                : Faults.NoSuchSensor.With(target));
        }

        (GatewaySensorsDto gateway, SensorDto sensor) = found[0];
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new WatchLine(gateway.Gateway, gateway.Address, gateway.Path, gateway.Endpoint, gateway.Relay, gateway.RxBytes, gateway.TxBytes, sensor),
                CliJsonLines.Default.WatchLine));
        }
        else
        {
            Console.Out.WriteLine($"{Words.Value(sensor)} {sensor.Unit}");
            if (sensor.Quality != "good" || sensor.Simulated)
            {
                Console.Error.WriteLine($"meshiot: note: {sensor.Id} is {Words.Quality(sensor)}");
            }
        }

        return sensor.Value is null ? ExitCodes.Failed : ExitCodes.Done;
    }
}
