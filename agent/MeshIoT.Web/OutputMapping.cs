using System;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;

namespace MeshIoT.Web;

/// <summary>Outputs in the wire form of the interfaces.</summary>
public static class OutputMapping
{
    /// <summary>One output.</summary>
    public static OutputDto ToDto(OutputState state) => new()
    {
        Id = state.Output.Id,
        Name = state.Output.Name,
        Room = state.Output.Room,
        Kind = state.Output.Driver,
        Type = state.Output.Kind == OutputKind.Switch ? "switch" : "level",
        Unit = state.Output.Unit,
        Lowest = state.Output.Lowest,
        Highest = state.Output.Highest,
        Value = state.Value,
        Time = state.UnixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(state.UnixMs),
        Who = state.Who,
        Until = state.UntilUnixMs is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null,
        Error = state.Problem is { } problem ? StatusMapping.ToDto(problem) : null,
    };
}
