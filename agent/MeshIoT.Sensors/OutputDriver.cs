using System;
using System.Collections.Generic;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors;

/// <summary>A driver of outputs as the registry knows it.</summary>
/// <param name="Name">As in an entry's <c>driver</c>.</param>
/// <param name="Summary">One line for people.</param>
/// <param name="Create">Makes the device an entry describes, without touching hardware. Throws a fault for an entry that cannot be right.</param>
public sealed record OutputDriver(string Name, string Summary, Func<OutputEntry, IWiring, OutputDevice> Create)
{
    /// <summary>Options of its own that an entry may have: name, and what a value must be.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}
