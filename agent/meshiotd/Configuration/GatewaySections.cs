using System;
using System.Collections.Generic;
using MeshIoT.Alerts;
using MeshIoT.Mqtt;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Display;

namespace MeshIoT.Agent.Configuration;

/// <summary>The sections of meshiot.toml, each read by a class of its own. All of them can be read again while the gateway runs.</summary>
/// <param name="Sensors">The <c>[[sensor]]</c> entries.</param>
/// <param name="Outputs">The <c>[[output]]</c> entries.</param>
/// <param name="Alerts">The section <c>[alerts]</c>; null: there is none.</param>
/// <param name="Display">The section <c>[display]</c>; null: there is none.</param>
/// <param name="Mqtt">The section <c>[mqtt]</c>; null: there is none.</param>
/// <param name="Bridges">The <c>[[bridge]]</c> entries.</param>
internal sealed record GatewaySections(
    IReadOnlyList<SensorEntry> Sensors, IReadOnlyList<OutputEntry> Outputs, AlertOptions? Alerts, DisplayOptions? Display, MqttOptions? Mqtt, IReadOnlyList<BridgeOptions> Bridges)
{
    /// <summary>Names of all sections.</summary>
    public static IReadOnlyList<string> Names { get; } = [SensorSection.Name, OutputSection.Name, AlertSection.Name, DisplaySection.Name, MqttSection.Name, BridgeSection.Name];

    /// <summary>Reads them all; throws a fault that names line and column.</summary>
    public static GatewaySections From(ConfigTable root)
    {
        IReadOnlyList<SensorEntry> sensors = SensorSection.Read(root);
        return new(sensors, OutputSection.Read(root, sensors), AlertSection.Read(root), DisplaySection.Read(root), MqttSection.Read(root), BridgeSection.Read(root));
    }
}
