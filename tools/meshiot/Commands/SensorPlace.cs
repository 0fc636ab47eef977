using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>A sensor on its gateway, as a question to the gateway's own interface names it.</summary>
/// <param name="Gateway">The gateway's name.</param>
/// <param name="Id">The sensor's id.</param>
/// <param name="Sensor">Its latest reading; null when the gateway has it no more, or was not asked.</param>
internal sealed record SensorPlace(string Gateway, string Id, SensorDto? Sensor)
{
    /// <summary>GATEWAY/SENSOR.</summary>
    public string Name => Gateway + "/" + Id;

    /// <summary>The path of the gateway's interface below this sensor, through the agent.</summary>
    public string PathOf(string rest) => $"localapi/v0/gateways/{Uri.EscapeDataString(Gateway)}/api/v1/sensors/{Uri.EscapeDataString(Id)}{rest}";

    /// <summary>Finds sensors by what a person typed, on all gateways; where a gateway is named, a sensor that is gone from there is still asked for.</summary>
    /// <exception cref="FaultException">There is none of that name.</exception>
    public static async Task<IReadOnlyList<SensorPlace>> FindAsync(UnixHttpClient agent, IEnumerable<string> typed, string? gateway, CancellationToken ct)
    {
        List<SensorPlace> found = [];
        foreach (string one in typed)
        {
            SensorQuery query = SensorQuery.ParseSensor(one, gateway);
            SensorsDto answer = await query.AskAsync(agent, ct);
            SensorPlace[] here = [.. answer.Gateways.SelectMany(g => g.Sensors.Where(query.Wants).Select(s => new SensorPlace(g.Gateway, s.Id, s)))];
            if (here.Length == 0 && query is { Gateway: { } named, Sensor: { } id } && answer.Gateways.FirstOrDefault() is { Error: null })
            {
                here = [new SensorPlace(named, id, null)];
            }

            if (here.Length == 0)
            {
                FaultDto? error = answer.Gateways.FirstOrDefault(g => g.Error is not null)?.Error;
                throw (error is not null && answer.Gateways.All(g => g.Error is not null)
                    ? new FaultReport(new Fault(error.Code, Severity.Medium, ExitCodes.Failed, "", ""), error.Message, error.Next)
                    : Faults.NoSuchSensor.With(one)).ToException();
            }

            found.AddRange(here);
        }

        return [.. found.DistinctBy(place => place.Name)];
    }
}
