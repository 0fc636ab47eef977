using System;

namespace MeshIoT.Mqtt.Broker;

/// <summary>A message that a client published and was allowed to.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="Retain">Whether it was to be retained.</param>
/// <param name="QoS">0 to 2.</param>
/// <param name="User">Name of the user; empty when it gave none.</param>
public sealed record BrokerMessage(string Topic, ReadOnlyMemory<byte> Payload, bool Retain, int QoS, string User);
