using System;
using System.Collections.Generic;

namespace MeshIoT.Sensors;

/// <summary>
/// One sensor as a person describes it: a <c>[[sensor]]</c> of the configuration. It may have several values; what is said of a value alone
/// (<see cref="Quantities"/>) stands before what is said of all.
/// </summary>
public sealed record SensorEntry
{
    /// <summary>Unique on the gateway; <c>a-z 0-9 _ -</c>, at most 40 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the driver, as in <see cref="Drivers"/>.</summary>
    public required string Driver { get; init; }

    /// <summary>The bus, as the driver's kind of bus is called: <c>i2c-1</c>, <c>spi-0.0</c>, <c>gpiochip0</c>; empty: the driver's usual one.</summary>
    public string Bus { get; init; } = "";

    /// <summary>Address on the bus (I2C: 0x03 to 0x77); null: the driver's usual one.</summary>
    public int? Address { get; init; }

    /// <summary>How often it is read: 0.1 s to a day; null: as often as the gateway reads.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>What people call it; empty: its id.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where it is.</summary>
    public string Room { get; init; } = "";

    /// <summary>What holds for values that have no entry in <see cref="Quantities"/>.</summary>
    public QuantityEntry Common { get; init; } = new();

    /// <summary>What holds for single values, by quantity.</summary>
    public IReadOnlyDictionary<string, QuantityEntry> Quantities { get; init; } = new Dictionary<string, QuantityEntry>();

    /// <summary>What only this driver knows (pins, gains, commands), by the names of <see cref="Driver"/>'s options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it stands, for error texts: <c>FILE:LINE</c>.</summary>
    public string Origin { get; init; } = "";

    /// <summary>What holds for one of its values: what is said of it by the last part of its id (<c>a0</c>) stands before what is said of its quantity.</summary>
    public QuantityEntry Of(SensorDescription channel) =>
        channel.Id.Length > Id.Length + 1 && channel.Id.StartsWith(Id + ".", StringComparison.Ordinal) && Quantities.TryGetValue(channel.Id[(Id.Length + 1)..], out QuantityEntry? own)
            ? own.Over(Common)
            : Of(channel.Quantity);

    /// <summary>What holds for the values of <paramref name="quantity"/>.</summary>
    public QuantityEntry Of(string quantity) => Quantities.TryGetValue(quantity, out QuantityEntry? own) ? own.Over(Common) : Common;
}
