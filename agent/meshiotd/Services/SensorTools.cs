using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Scan;
using MeshIoT.Web;
using MeshIoT.Web.Http;

namespace MeshIoT.Agent.Services;

/// <summary>What the local socket offers to a person who wires sensors: a scan, a test of one, the list of drivers.</summary>
internal static class SensorTools
{
    const int MostTimes = 20, MostBuses = 32, LongestName = 32;

    /// <summary>Adds the operations.</summary>
    public static void AddTo(AgentApi agent, SensorService sensors)
    {
        // Buses are slow and the calls block: not on the server's threads.
        agent.Add("POST", "/localapi/v0/sensors/scan", async (request, ct) =>
        {
            ScanRequestDto body = Body(request, GatewayJson.Default.ScanRequestDto);
            if (body.Buses is { } named && (named.Count > MostBuses || named.Any(b => b is not { Length: > 0 and <= LongestName })))
            {
                return HttpResponse.Problem(Faults.BodyNotUnderstood.With($"buses are at most {MostBuses} names such as i2c-1"));
            }

            return await Task.Run(() => HttpResponse.Json(ToDto(sensors.Scan(body.Buses ?? [])), GatewayJson.Default.ScanDto), ct);
        });
        agent.Add("POST", "/localapi/v0/sensors/test", async (request, ct) =>
        {
            TrialRequestDto body = Body(request, GatewayJson.Default.TrialRequestDto);
            return string.IsNullOrEmpty(body.Id) || body.Times is < 1 or > MostTimes
                ? HttpResponse.Problem(Faults.BodyNotUnderstood.With($"id is the id of a sensor, times from 1 to {MostTimes}"))
                : await Task.Run(() => Test(sensors, body.Id, body.Times, ct), ct);
        });
        agent.Add("GET", "/localapi/v0/drivers", (_, _) => new(HttpResponse.Json(new DriversDto([.. Drivers.All.Select(ToDto)]), GatewayJson.Default.DriversDto)));
    }

    static HttpResponse Test(SensorService sensors, string id, int times, CancellationToken ct)
    {
        if (sensors.Sampler.DeviceOf(id) is not { } device)
        {
            return HttpResponse.Problem(Faults.NoSuchSensor.With(id.Length <= 80 ? id : id[..80]));
        }

        List<TrialRunDto> runs = [];
        for (int i = 0; i < times && !ct.IsCancellationRequested; i++)
        {
            SensorTrial? trial = null;
            TimeSpan took = TimeSpan.Zero;
            sensors.Turn(device.Lane, () =>
            {
                long from = Stopwatch.GetTimestamp();
                trial = sensors.TryNow(id, device.Lane);
                took = Stopwatch.GetElapsedTime(from);
            });
            if (trial is null)
            {
                break;
            }

            runs.Add(new TrialRunDto(Math.Round(took.TotalMilliseconds, 2), [.. trial.Values.Select(ToDto)], trial.Fault is { } fault ? StatusMapping.ToDto(fault) : null));
        }

        return HttpResponse.Json(new TrialDto(device.Id, device.Driver, device.Lane, runs), GatewayJson.Default.TrialDto);
    }

    static TrialValueDto ToDto(TrialValue value) => new(
        value.Reading.Sensor.Id, double.IsFinite(value.Raw) ? value.Raw : null, value.RawUnit,
        value.Reading.Quality == Quality.Good ? value.Reading.Value : null, value.Reading.Sensor.Unit);

    static DriverDto ToDto(Driver driver) => new()
    {
        Name = driver.Name, Summary = driver.Summary, Bus = driver.Bus, Addresses = driver.Addresses, Options = driver.Options, IsOutput = driver.IsOutput,
    };

    static ScanDto ToDto(ScanReport report) => new(report.Buses, [.. report.Found.Select(ToDto)], [.. report.Faults.Select(StatusMapping.ToDto)]);

    static FoundDto ToDto(FoundDevice device) => new()
    {
        Bus = device.Bus,
        Address = device.Address,
        State = device.State switch
        {
            FoundState.New => "new",
            FoundState.Likely => "likely",
            FoundState.Configured => "configured",
            FoundState.Kernel => "kernel",
            _ => "unknown",
        },
        Driver = device.Driver,
        IsOutput = device.Driver is { } name && Drivers.Find(name) is { IsOutput: true },
        Id = device.Id,
        Note = device.Note.Length > 0 ? device.Note : null,
    };

    static T Body<T>(HttpRequest request, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(request.Body.Span, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw Faults.BodyNotUnderstood.With($"line {e.LineNumber ?? 0}, byte {e.BytePositionInLine ?? 0}").ToException();
        }
    }
}
