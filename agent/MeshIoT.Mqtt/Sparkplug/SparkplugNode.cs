using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Mqtt.Topics;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt.Sparkplug;

/// <summary>
/// The gateway as an edge node of Sparkplug B 3.0 on one connection: births, data and death with their numbers. The site is the group, the gateway the node,
/// sensors are devices. Sans-IO: messages come out, the clock goes in.
/// </summary>
/// <param name="topics">The gateway's topics: site and name are taken from them.</param>
/// <param name="connections">Connections before this one: bdSeq is their number, 0 to 255 and again.</param>
internal sealed class SparkplugNode(GatewayTopics topics, int connections)
{
    /// <summary>A value this much older than its sending is historical.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);

    readonly HashSet<string> born = new(StringComparer.Ordinal);
    int seq;

    /// <summary>The command that asks for new births.</summary>
    public const string Rebirth = "Node Control/Rebirth";

    /// <summary>Where commands for the node come from.</summary>
    public string CommandTopic => Topic("NCMD", null);

    /// <summary>The death of this connection: its last will, and its last word where it ends in good order.</summary>
    public (string Topic, byte[] Payload) Death(long unixMs) => (Topic("NDEATH", null), SparkplugPayload.Write(unixMs, [Birth(unixMs)], null));

    /// <summary>The births of the node and of all devices, with their values now.</summary>
    public IReadOnlyList<(string Topic, byte[] Payload)> Births(IReadOnlyList<Reading> latest, long unixMs)
    {
        seq = 0;
        born.Clear();
        List<(string, byte[])> messages =
        [
            (Topic("NBIRTH", null), SparkplugPayload.Write(unixMs, [Birth(unixMs), new SparkplugMetric(Rebirth, unixMs, SparkplugType.Boolean)], Next())),
        ];
        foreach (IGrouping<string, Reading> device in latest.GroupBy(r => r.Sensor.Device, StringComparer.Ordinal))
        {
            List<SparkplugMetric> metrics = [];
            foreach (Reading reading in device)
            {
                bool isGood = reading.Quality == Quality.Good;
                metrics.Add(new SparkplugMetric(GatewayTopics.KeyOf(reading.Sensor), isGood ? reading.UnixMs : unixMs, SparkplugType.Double)
                {
                    Number = isGood ? reading.Value : null, Unit = reading.Sensor.Unit,
                });
            }

            born.Add(TopicRules.Level(device.Key));
            messages.Add((Topic("DBIRTH", device.Key), SparkplugPayload.Write(unixMs, metrics, Next())));
        }

        return messages;
    }

    /// <summary>A value as DDATA; null when its device was not born on this connection.</summary>
    /// <param name="device">The device's level of the value's topic.</param>
    /// <param name="key">The value's level.</param>
    /// <param name="value">The value; null: there is none.</param>
    /// <param name="valueMs">When it was read.</param>
    /// <param name="unixMs">Now.</param>
    public (string Topic, byte[] Payload)? Data(string device, string key, double? value, long valueMs, long unixMs)
    {
        if (!born.Contains(device))
        {
            return null;
        }

        SparkplugMetric metric = new(key, valueMs, SparkplugType.Double) { Number = value, IsHistorical = unixMs - valueMs > Fresh.TotalMilliseconds };
        return (Topic("DDATA", device), SparkplugPayload.Write(unixMs, [metric], Next()));
    }

    /// <summary>True when the payload of a command asks for new births.</summary>
    public static bool AsksForRebirth(ReadOnlySpan<byte> payload) => SparkplugPayload.ReadCommands(payload).Contains(Rebirth);

    SparkplugMetric Birth(long unixMs) => new("bdSeq", unixMs, SparkplugType.Int64) { Whole = (ulong)(connections & 0xFF) };

    int Next()
    {
        int now = seq;
        seq = (seq + 1) & 0xFF;
        return now;
    }

    string Topic(string type, string? device) =>
        $"spBv1.0/{topics.Site}/{type}/{topics.Gateway}" + (device is null ? "" : "/" + TopicRules.Level(device));
}
