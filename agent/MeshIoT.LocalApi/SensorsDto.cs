using System;
using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>One sensor's latest value, as <c>GET /api/v1/sensors</c> of a gateway gives it.</summary>
public sealed record SensorDto
{
    /// <summary>Id, unique on its gateway.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Driver that reads it: host, hwmon, thermal, iio, w1, sim.</summary>
    public required string Kind { get; init; }

    /// <summary>What is measured, in Home Assistant's device-class words.</summary>
    public required string Quantity { get; init; }

    /// <summary>The last good value, or null if there never was one.</summary>
    public double? Value { get; init; }

    /// <summary>Unit of the value.</summary>
    public required string Unit { get; init; }

    /// <summary>When the value was sampled, UTC.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>none, good, stale or bad.</summary>
    public required string Quality { get; init; }

    /// <summary>True when the value is computed and not measured.</summary>
    public bool Simulated { get; init; }

    /// <summary>Id of the device it belongs to; absent: the id itself.</summary>
    public string? Device { get; init; }

    /// <summary>Where it is; absent: nobody said.</summary>
    public string? Room { get; init; }

    /// <summary>Decimals that the value is worth showing with, 0 to 6.</summary>
    public int Decimals { get; init; } = 2;

    /// <summary>"low" or "high" while the value is beyond its limit; absent: it is not, or has none.</summary>
    public string? Alarm { get; init; }

    /// <summary>Why there is no good value; absent while there is one.</summary>
    public FaultDto? Problem { get; init; }

    /// <summary>Means over equal parts of the time that <c>recent</c> asked for, the oldest first, null where nothing was read; absent when not asked for.</summary>
    public IReadOnlyList<double?>? Recent { get; init; }
}

/// <summary>Body of <c>GET /api/v1/sensors</c>.</summary>
/// <param name="Gateway">Host name of the gateway.</param>
/// <param name="Time">The gateway's clock, UTC.</param>
/// <param name="Sensors">All its sensors.</param>
public sealed record SensorListDto(string Gateway, DateTimeOffset Time, IReadOnlyList<SensorDto> Sensors);

/// <summary>What one gateway answered when it was asked through the tunnel, and by which way.</summary>
public sealed record GatewaySensorsDto
{
    /// <summary>Host name of the gateway.</summary>
    public required string Gateway { get; init; }

    /// <summary>Tailnet address it was read at.</summary>
    public required string Address { get; init; }

    /// <summary>"direct", "relay", "local" for this node itself, or "-".</summary>
    public required string Path { get; init; }

    /// <summary>Code of the relay region its packets go through, while the path is "relay".</summary>
    public string? Relay { get; init; }

    /// <summary>The <c>ip:port</c> the tunnel runs to.</summary>
    public string? Endpoint { get; init; }

    /// <summary>WireGuard bytes received from the gateway so far.</summary>
    public long RxBytes { get; init; }

    /// <summary>WireGuard bytes sent to the gateway so far.</summary>
    public long TxBytes { get; init; }

    /// <summary>The gateway's sensors; empty when <see cref="Error"/> is set.</summary>
    public IReadOnlyList<SensorDto> Sensors { get; init; } = [];

    /// <summary>Why nothing could be read.</summary>
    public FaultDto? Error { get; init; }
}

/// <summary>Body of <c>GET /localapi/v0/sensors</c>.</summary>
/// <param name="Gateways">One entry per gateway that was asked.</param>
public sealed record SensorsDto(IReadOnlyList<GatewaySensorsDto> Gateways);
