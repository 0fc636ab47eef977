using System;
using System.Collections.Generic;

namespace MeshIoT.Sensors;

/// <summary>One output as a person describes it: an <c>[[output]]</c> of the configuration.</summary>
public sealed record OutputEntry
{
    /// <summary>Unique on the gateway; <c>a-z 0-9 _ -</c>, at most 40 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the driver, as in <see cref="OutputDrivers"/>.</summary>
    public required string Driver { get; init; }

    /// <summary>The chip: <c>gpiochip0</c>, <c>pinctrl-rp1</c>, <c>pwmchip0</c>; empty: the driver's usual one.</summary>
    public string Bus { get; init; } = "";

    /// <summary>What people call it; empty: its id.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where it is.</summary>
    public string Room { get; init; } = "";

    /// <summary>What it is set to at start, at the end and when commands stay away: <c>off</c>, <c>on</c>, a number, or <c>keep</c>: it is then left as it is.</summary>
    public string FailSafe { get; init; } = "off";

    /// <summary>How long it may differ from <see cref="FailSafe"/> without a new command; null: for ever.</summary>
    public TimeSpan? MaxOn { get; init; }

    /// <summary>True: at start it gets the value that was commanded last instead of <see cref="FailSafe"/>.</summary>
    public bool Restore { get; init; }

    /// <summary>What only its driver knows.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it stands, for error texts: <c>FILE:LINE:COLUMN</c>.</summary>
    public string Origin { get; init; } = "";
}
