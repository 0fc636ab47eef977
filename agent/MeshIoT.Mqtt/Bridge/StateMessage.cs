using System;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>A message that says how things are now: said again on every connection, and never late.</summary>
/// <param name="Topic">The topic, as it is on this gateway.</param>
/// <param name="Payload">The bytes.</param>
/// <param name="Retain">Whether the broker keeps it.</param>
public sealed record StateMessage(string Topic, ReadOnlyMemory<byte> Payload, bool Retain);
