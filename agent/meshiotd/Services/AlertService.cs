using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Alerts;
using MeshIoT.Alerts.Monitors;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Node;
using MeshIoT.Sensors;
using MeshIoT.Web;
using MeshIoT.Web.Http;

namespace MeshIoT.Agent.Services;

/// <summary>
/// Watches the machine (disk, clock, supply) once a minute for the health board and, where there is a section [alerts], tells people what is wrong with
/// node, gateway and sensors, and which values are over their limits.
/// </summary>
internal sealed class AlertService : IAsyncDisposable
{
    static readonly TimeSpan Beat = TimeSpan.FromMinutes(1);

    readonly TailnetNode node;
    readonly Sampler sampler;
    readonly FaultBoard<string> health;
    readonly string directory;
    readonly Func<string> name;
    readonly TimeProvider time;
    readonly DiskMonitor disk = new();
    readonly BoardMonitor board;
    readonly ITimer timer;
    AlertDesk? desk;

    public AlertService(TailnetNode node, Sampler sampler, FaultBoard<string> health, string directory, string root, Func<string> name, TimeProvider time)
    {
        (this.node, this.sampler, this.health, this.directory, this.name, this.time) = (node, sampler, health, directory, name, time);
        board = new BoardMonitor(root);
        node.StatusChanged += Poke;
        sampler.Sampled += Note;
        timer = time.CreateTimer(_ => LookAtMachine(), null, TimeSpan.Zero, Beat);
    }

    /// <summary>Told of every message while there is a section [alerts].</summary>
    public event Action<AlertMessage>? Told;

    /// <summary>Goes by these options from now on; null: nobody is told.</summary>
    public async Task UseAsync(AlertOptions? options)
    {
        if (options is null)
        {
            AlertDesk? before = Interlocked.Exchange(ref desk, null);
            if (before is not null)
            {
                await before.DisposeAsync();
            }

            return;
        }

        if (desk is null)
        {
            desk = new AlertDesk(directory, name, Faults, time, health.Show);
            desk.Told += message => Told?.Invoke(message);
        }

        await desk.UseAsync(options);
    }

    /// <summary>What wants to be looked at has changed.</summary>
    public void Poke() => desk?.Poke();

    /// <summary>Adds what the local socket offers of alerts.</summary>
    public void AddTo(AgentApi agent)
    {
        agent.Add("GET", "/localapi/v0/alerts", (_, _) => new(List()));
        agent.Add("POST", "/localapi/v0/alerts/test", (_, _) =>
        {
            desk?.Test();
            return new(desk is null ? HttpResponse.Problem(Health.Faults.AlertsOff.With()) : List());
        });
    }

    HttpResponse List() => HttpResponse.Json(
        new AlertsDto(desk is not null, [.. (desk?.Open ?? []).Select(a => new AlertDto(a.Topic, a.Code, a.Severity.ToString().ToLowerInvariant(), a.Message, a.Since, a.Said))]),
        GatewayJson.Default.AlertsDto);

    public async ValueTask DisposeAsync()
    {
        node.StatusChanged -= Poke;
        sampler.Sampled -= Note;
        await timer.DisposeAsync();
        await UseAsync(null);
    }

    void LookAtMachine()
    {
        health.Show("disk", disk.Look(directory));
        health.Show("clock", ClockMonitor.Look(node.Status.CoordinatorAhead));
        foreach ((string topic, FaultReport? report) in board.Look())
        {
            health.Show(topic, report);
        }

        // A lane that hangs reports nothing: its readings grow stale unseen.
        Poke();
    }

    void Note(IReadOnlyList<Reading> readings)
    {
        foreach (Reading reading in readings)
        {
            health.Show("limit:" + reading.Sensor.Id,
                reading.Alarm != AlarmState.None && sampler.EntryOf(reading.Sensor.Id) is { } limits ? Beyond(reading, limits) : null);
        }
    }

    IEnumerable<KeyValuePair<string, FaultReport>> Faults()
    {
        foreach (FaultReport report in node.Status.Health)
        {
            yield return new("node:" + report.Fault.Code, report);
        }

        foreach (KeyValuePair<string, FaultReport> entry in health.Entries)
        {
            // What is wrong with a delivery cannot be told by it.
            if (!entry.Key.StartsWith("alerts:", StringComparison.Ordinal))
            {
                yield return entry;
            }
        }

        foreach (Reading reading in sampler.Latest(time.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            if (reading.Problem is { } problem)
            {
                yield return new(SensorFaults.Topic(reading.Sensor.Device), problem);
            }
        }
    }

    static FaultReport Beyond(Reading reading, QuantityEntry limits)
    {
        bool isHigh = reading.Alarm == AlarmState.High;
        string Text(double? value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###} {reading.Sensor.Unit}");
        Fault fault = isHigh ? Health.Faults.SensorAboveLimit : Health.Faults.SensorBelowLimit;
        return fault.With(reading.Sensor.Name + (reading.Sensor.Name == reading.Sensor.Id ? "" : $" ({reading.Sensor.Id})"), Text(reading.Value), Text(isHigh ? limits.High : limits.Low));
    }
}
