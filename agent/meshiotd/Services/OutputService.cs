using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Wiring;
using MeshIoT.Web;
using MeshIoT.Web.Http;

namespace MeshIoT.Agent.Services;

/// <summary>Makes the outputs that the configuration describes, shows what is wrong with them, and offers them on the local socket.</summary>
internal sealed class OutputService : IDisposable
{
    const string Path = "/localapi/v0/outputs";

    readonly IWiring wiring;
    readonly FaultBoard<string> health;

    /// <param name="wiring">Where chips come from.</param>
    /// <param name="health">Where faults are shown.</param>
    /// <param name="stateDirectory">Where the last commands are kept.</param>
    /// <param name="time">The clock.</param>
    public OutputService(IWiring wiring, FaultBoard<string> health, string stateDirectory, TimeProvider time)
    {
        (this.wiring, this.health) = (wiring, health);
        Outputs = new Outputs(time, new OutputFile(System.IO.Path.Combine(stateDirectory, "outputs.json")));
        Outputs.Changed += Note;
        Outputs.Keeping += NoteKeeping;
    }

    /// <summary>The outputs.</summary>
    public Outputs Outputs { get; }

    /// <summary>Takes these entries from now on. One that cannot be right is named on the health board and left out.</summary>
    public void Use(IReadOnlyList<OutputEntry> entries)
    {
        health.ClearWhere(static topic => topic.StartsWith("output:", StringComparison.Ordinal));
        foreach ((string id, FaultReport report) in Outputs.Use(entries, entry => OutputDrivers.Find(entry.Driver)!.Create(entry, wiring)))
        {
            health.Set("output:" + id, report);
        }

        // What stays may stay faulty.
        foreach (OutputState state in Outputs.Current)
        {
            if (state.Problem is { } problem)
            {
                health.Set("output:" + state.Output.Id, problem);
            }
        }
    }

    /// <summary>Adds what the local socket offers of outputs.</summary>
    public void AddTo(AgentApi agent)
    {
        agent.Add("GET", Path, (_, _) =>
        {
            Outputs.LookForStrangers();
            return new(List());
        });
        agent.Add("POST", Path + "/", (request, _) => new(Set(request)));
    }

    public void Dispose()
    {
        Outputs.Changed -= Note;
        Outputs.Dispose();
        Outputs.Keeping -= NoteKeeping;
    }

    HttpResponse List() => HttpResponse.Json(
        new OutputsDto([.. Outputs.Current.OrderBy(static s => s.Output.Id, StringComparer.Ordinal).Select(OutputMapping.ToDto)]), GatewayJson.Default.OutputsDto);

    HttpResponse Set(HttpRequest request)
    {
        string id = request.Path[(Path.Length + 1)..];
        SetOutputDto body;
        try
        {
            body = JsonSerializer.Deserialize(request.Body.Span, GatewayJson.Default.SetOutputDto) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            return HttpResponse.Problem(Faults.BodyNotUnderstood.With($"line {e.LineNumber ?? 0}, byte {e.BytePositionInLine ?? 0}"));
        }

        if (body.Value is null || body.ForSeconds is <= 0 or > 2_592_000 || (body.ForSeconds is { } f && !double.IsFinite(f)))
        {
            return HttpResponse.Problem(Faults.BodyNotUnderstood.With("value is a text (\"on\", \"off\", \"40\"), forSeconds from 0 to 2592000"));
        }

        return Outputs.TrySet(id, body.Value, "cli", body.ForSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null) is { } report
            ? HttpResponse.Problem(report)
            : List();
    }

    void Note(OutputState state) => health.Show("output:" + state.Output.Id, state.Problem);

    void NoteKeeping(FaultReport? report) => health.Show("outputs", report);
}
