using System;

namespace MeshIoT.Sensors;

/// <summary>Something that takes messages for MQTT: the gateway's broker, bridges to others, or both.</summary>
public interface IMqttPublisher
{
    /// <summary>Publishes as the gateway itself. Returns at once and never throws; what cannot be published is counted.</summary>
    /// <param name="topic">The topic, without wildcards.</param>
    /// <param name="payload">The bytes; they must not change afterwards.</param>
    /// <param name="retain">Whether brokers keep it for later subscribers. An empty payload removes what they keep.</param>
    void Publish(string topic, ReadOnlyMemory<byte> payload, bool retain);
}
