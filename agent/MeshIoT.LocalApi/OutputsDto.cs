using System;
using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>Body of <c>GET /localapi/v0/outputs</c>, and the answer to a command.</summary>
/// <param name="Outputs">All outputs of the gateway, by id.</param>
public sealed record OutputsDto(IReadOnlyList<OutputDto> Outputs);

/// <summary>An output as it is now.</summary>
public sealed record OutputDto
{
    /// <summary>Id, unique on its gateway.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is.</summary>
    public string Room { get; init; } = "";

    /// <summary>Driver that sets it: relay, gpio-out, pwm.</summary>
    public required string Kind { get; init; }

    /// <summary>switch (0 or 1) or level (a number between the bounds).</summary>
    public required string Type { get; init; }

    /// <summary>Unit of a level.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Lowest value.</summary>
    public double Lowest { get; init; }

    /// <summary>Highest value.</summary>
    public double Highest { get; init; }

    /// <summary>What it is set to; null when nobody knows.</summary>
    public double? Value { get; init; }

    /// <summary>When it was set, UTC.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Who set it: cli, mqtt, rest, start, restored, time over.</summary>
    public string Who { get; init; } = "";

    /// <summary>When it goes back to its safe value by itself, UTC; null: not.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why it could not be set.</summary>
    public FaultDto? Error { get; init; }
}

/// <summary>Body of <c>POST /localapi/v0/outputs/{id}</c>.</summary>
public sealed record SetOutputDto
{
    /// <summary><c>on</c>, <c>off</c>, or a number as text.</summary>
    public string? Value { get; init; }

    /// <summary>After so many seconds it goes back to its safe value; null: as long as its entry allows.</summary>
    public double? ForSeconds { get; init; }
}
