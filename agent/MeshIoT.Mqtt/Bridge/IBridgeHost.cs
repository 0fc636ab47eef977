using System;
using System.Collections.Generic;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>What a bridge needs to know of its gateway, and whom it tells.</summary>
public interface IBridgeHost
{
    /// <summary>The gateway's topics.</summary>
    GatewayTopics Topics { get; }

    /// <summary>How things are now, for a broker that has just been reached.</summary>
    /// <param name="topics">The gateway's topics as they are on that broker.</param>
    /// <param name="withDiscovery">Whether to announce to Home Assistant.</param>
    IReadOnlyList<StateMessage> State(GatewayTopics topics, bool withDiscovery);

    /// <summary>Home Assistant's own topic of having started.</summary>
    string HomeAssistantStatus { get; }

    /// <summary>The latest readings.</summary>
    IReadOnlyList<Reading> Latest();

    /// <summary>A message has come in, its topic as it is here.</summary>
    void Arrived(BridgeOptions from, string topic, ReadOnlyMemory<byte> payload, bool retain);

    /// <summary>What is wrong with the bridge; null: nothing.</summary>
    void Show(string topic, Health.FaultReport? fault);
}
