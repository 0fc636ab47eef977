using System;
using System.Collections.Generic;
using MeshIoT.Alerts;
using MeshIoT.History;
using MeshIoT.Mqtt;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Display;

namespace MeshIoT.Agent.Configuration;

/// <summary>The sections of meshiot.toml, each read by a class of its own. All of them can be read again while the gateway runs.</summary>
internal sealed record GatewaySections
{
    /// <summary>Names of all sections.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        SensorSection.Name,
        OutputSection.Name,
        AlertSection.Name,
        DisplaySection.Name,
        MqttSection.Name,
        BridgeSection.Name,
        HistorySection.Name,
        SpoolSection.Name,
    ];

    /// <summary>The <c>[[sensor]]</c> entries.</summary>
    public required IReadOnlyList<SensorEntry> Sensors { get; init; }

    /// <summary>The <c>[[output]]</c> entries.</summary>
    public required IReadOnlyList<OutputEntry> Outputs { get; init; }

    /// <summary>The section <c>[alerts]</c>; null: there is none.</summary>
    public AlertOptions? Alerts { get; init; }

    /// <summary>The section <c>[display]</c>; null: there is none.</summary>
    public DisplayOptions? Display { get; init; }

    /// <summary>The section <c>[mqtt]</c>; null: there is none.</summary>
    public MqttOptions? Mqtt { get; init; }

    /// <summary>The <c>[[bridge]]</c> entries.</summary>
    public IReadOnlyList<BridgeOptions> Bridges { get; init; } = [];

    /// <summary>The section <c>[history]</c>; null: no history is wanted.</summary>
    public HistoryOptions? History { get; init; }

    /// <summary>The section <c>[spool]</c>.</summary>
    public required SpoolOptions Spool { get; init; }

    /// <summary>Reads them all; throws a fault that names line and column.</summary>
    public static GatewaySections From(ConfigTable root)
    {
        IReadOnlyList<SensorEntry> sensors = SensorSection.Read(root);
        return new()
        {
            Sensors = sensors,
            Outputs = OutputSection.Read(root, sensors),
            Alerts = AlertSection.Read(root),
            Display = DisplaySection.Read(root),
            Mqtt = MqttSection.Read(root),
            Bridges = BridgeSection.Read(root),
            History = HistorySection.Read(root),
            Spool = SpoolSection.Read(root),
        };
    }
}
