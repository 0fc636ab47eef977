using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>Body of <c>GET /localapi/v0/drivers</c>.</summary>
/// <param name="Drivers">All drivers of this gateway, by name.</param>
public sealed record DriversDto(IReadOnlyList<DriverDto> Drivers);

/// <summary>A driver that an entry may name.</summary>
public sealed record DriverDto
{
    /// <summary>As in an entry's <c>driver</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it measures, with which chip.</summary>
    public required string Summary { get; init; }

    /// <summary>i2c, spi, gpio, w1, program; empty: none.</summary>
    public required string Bus { get; init; }

    /// <summary>I2C addresses, the usual one first.</summary>
    public IReadOnlyList<int> Addresses { get; init; } = [];

    /// <summary>Options of its own: name, and what a value must be.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>True for outputs.</summary>
    public bool IsOutput { get; init; }
}
