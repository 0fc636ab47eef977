using System;
using System.Collections.Generic;
using MeshIoT.Mqtt.Access;
using MeshIoT.Mqtt.Broker;
using MeshIoT.Mqtt.HomeAssistant;

namespace MeshIoT.Mqtt;

/// <summary>The section <c>[mqtt]</c>: the gateway's own broker and how its sensors are named there.</summary>
public sealed record MqttOptions
{
    /// <summary>Where the gateway is: the second level of all topics.</summary>
    public string Site { get; init; } = "home";

    /// <summary>Where the broker listens: "tailnet", "localhost", or ADDRESS:PORT. Empty: nowhere.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>Port of "tailnet" and "localhost".</summary>
    public int Port { get; init; } = 1883;

    /// <summary>The broker's bounds.</summary>
    public BrokerOptions Broker { get; init; } = new();

    /// <summary>Whether sessions and retained messages outlive a restart.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>Who may do what.</summary>
    public AccessList Access { get; init; } = new([], new MqttUser("", "", ["#"], []));

    /// <summary>How sensors are announced to Home Assistant.</summary>
    public DiscoveryOptions Discovery { get; init; } = new();

    /// <summary>Whether the broker has the values as Sparkplug B too.</summary>
    public bool IsSparkplug { get; init; }
}
