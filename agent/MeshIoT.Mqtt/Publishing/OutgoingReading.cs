using System;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt.Publishing;

/// <summary>A reading as it goes out.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its JSON.</param>
/// <param name="UnixMs">When it was sampled.</param>
/// <param name="Sensor">Of what.</param>
/// <param name="Value">The value; null: there is none.</param>
public sealed record OutgoingReading(string Topic, ReadOnlyMemory<byte> Payload, long UnixMs, SensorDescription Sensor, double? Value);
