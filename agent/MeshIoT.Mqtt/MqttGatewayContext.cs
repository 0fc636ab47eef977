using System;
using System.Collections.Generic;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt;

/// <summary>What MQTT needs of its gateway.</summary>
public sealed record MqttGatewayContext
{
    /// <summary>The gateway's name, as it is now.</summary>
    public required Func<string> Name { get; init; }

    /// <summary>The gateway's version.</summary>
    public required string Version { get; init; }

    /// <summary>Where sessions, the spool and what was announced are kept; made when it is needed.</summary>
    public required string Directory { get; init; }

    /// <summary>The latest reading of every value.</summary>
    public required Func<IReadOnlyList<Reading>> Latest { get; init; }

    /// <summary>What is wrong with the gateway.</summary>
    public required Func<IReadOnlyList<FaultReport>> Faults { get; init; }

    /// <summary>Where what is wrong with MQTT is shown.</summary>
    public required Action<string, FaultReport?> Show { get; init; }

    /// <summary>Makes the streams of bridges.</summary>
    public BridgeDialer Dialer { get; init; } = new(null);

    /// <summary>What can be switched; null: nothing.</summary>
    public Outputs? Outputs { get; init; }

    /// <summary>Told of what happens once and does not last: a command that makes no sense.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>How much waits for brokers that are away.</summary>
    public SpoolOptions SpoolOptions { get; init; } = new();

    /// <summary>Makes connections in place of real ones; for tests.</summary>
    internal Func<BridgeOptions, IBridgeLink>? Links { get; init; }
}
