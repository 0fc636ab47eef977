using System;
using MeshIoT.History;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>A message in the spool: the topic with one letter before it, R for retained and N for not.</summary>
internal static class BridgeItem
{
    public static SpoolItem Of(string topic, ReadOnlyMemory<byte> payload, bool retain, long unixMs) => new((retain ? "R" : "N") + topic, payload, unixMs);

    public static (string Topic, bool Retain) Read(SpoolItem item) => (item.Topic.Length > 0 ? item.Topic[1..] : "", item.Topic.StartsWith('R'));
}
