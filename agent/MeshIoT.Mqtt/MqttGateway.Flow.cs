using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Linux.Files;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Mqtt.Broker;
using MeshIoT.Mqtt.HomeAssistant;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Mqtt.Sparkplug;
using MeshIoT.Mqtt.Topics;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt;

/// <summary>What goes where.</summary>
public sealed partial class MqttGateway
{
    /// <summary>A file of discovery topics that were announced: a sensor that was removed while the gateway was off is taken back all the same.</summary>
    const string AnnouncedFile = "announced";

    const int MostAnnounced = 10_000;

    readonly HashSet<string> remembered = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    IReadOnlyList<StateMessage> IBridgeHost.State(GatewayTopics there, bool withDiscovery)
    {
        List<StateMessage> messages = [new StateMessage(there.Health, HealthJson.Write(context.Faults()), Retain: true)];
        foreach (Reading output in OutputReadings())
        {
            messages.Add(new StateMessage(there.Of(output.Sensor), ReadingJson.Write(output.Value, output.Sensor.Unit, output.UnixMs, output.Quality), Retain: true));
        }

        if (withDiscovery)
        {
            IReadOnlyDictionary<string, byte[]> now = Discovery(there).Announce(Descriptions(), Outputs());
            messages.AddRange(Gone(now).Select(topic => new StateMessage(topic, ReadOnlyMemory<byte>.Empty, Retain: true)));
            messages.AddRange(now.Select(a => new StateMessage(a.Key, a.Value, Retain: true)));
        }

        return messages;
    }

    /// <inheritdoc/>
    IReadOnlyList<Reading> IBridgeHost.Latest() => Latest();

    /// <inheritdoc/>
    void IBridgeHost.Show(string topic, FaultReport? fault) => context.Show(topic, fault);

    /// <inheritdoc/>
    void IBridgeHost.Arrived(BridgeOptions from, string topic, ReadOnlyMemory<byte> payload, bool retain)
    {
        if (topics.TryCommand(topic, out string device, out string key))
        {
            // A retained command would switch again with every connection.
            if (from.TakesCommands && !retain)
            {
                Command(device, key, payload.Span, "bridge " + from.Name);
            }

            return;
        }

        if (from.In.Count > 0)
        {
            broker?.Publish(topic, payload, retain);
        }
    }

    void FromClient(BrokerMessage message)
    {
        if (topics.TryCommand(message.Topic, out string device, out string key))
        {
            if (!message.Retain)
            {
                Command(device, key, message.Payload.Span, message.User.Length > 0 ? message.User : "anonymous");
            }

            return;
        }

        if (message.Topic == HomeAssistantStatus)
        {
            if (message.Payload.Span.SequenceEqual("online"u8))
            {
                SayState();
            }

            return;
        }

        Spool([BridgeItem.Of(message.Topic, message.Payload, message.Retain, time.GetUtcNow().ToUnixTimeMilliseconds())], message.Topic, isUrgent: false);
    }

    void Command(string device, string key, ReadOnlySpan<byte> payload, string who)
    {
        const int Longest = 64;
        foreach (OutputState state in context.Outputs?.Current ?? [])
        {
            if (TopicRules.Level(state.Output.Id) == device && OutputReading.KeyOf(state.Output) == key)
            {
                string text = payload.Length <= Longest ? Encoding.UTF8.GetString(payload) : "";
                if (context.Outputs!.TrySet(state.Output.Id, text, "mqtt: " + who) is { } fault)
                {
                    context.Log($"a command by MQTT from {who}: {fault}");
                }

                return;
            }
        }

        context.Log($"a command by MQTT from {who} for {device}/{key}, which is no output");
    }

    // On the publisher's task.
    async Task SendAsync(IReadOnlyList<OutgoingReading> readings)
    {
        if (broker is { } to)
        {
            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (OutgoingReading reading in readings)
            {
                await to.PublishAsync(reading.Topic, reading.Payload, retain: true, 1);
                if (sparkplug?.Data(TopicRules.Level(reading.Sensor.Device), GatewayTopics.KeyOf(reading.Sensor), reading.Value, reading.UnixMs, now) is { } data)
                {
                    await to.PublishAsync(data.Topic, data.Payload, retain: false, 0);
                }
            }
        }

        if (running.Length > 0)
        {
            List<SpoolItem> items = [];
            foreach (OutgoingReading reading in readings)
            {
                if (Array.Exists(running, b => b.Wants(reading.Topic)))
                {
                    items.Add(BridgeItem.Of(reading.Topic, reading.Payload, retain: true, reading.UnixMs));
                }
            }

            Append(items, isUrgent: false);
        }
    }

    void Spool(IReadOnlyList<SpoolItem> items, string topic, bool isUrgent)
    {
        if (Array.Exists(running, b => b.Wants(topic)))
        {
            Append(items, isUrgent);
        }
    }

    void Append(IReadOnlyList<SpoolItem> items, bool isUrgent)
    {
        if (items.Count == 0 || spool is not { } to)
        {
            return;
        }

        try
        {
            to.Append(items, isUrgent);
        }
        catch (ObjectDisposedException)
        {
            // The last bridge has just gone.
            return;
        }

        foreach (MqttBridge bridge in running)
        {
            bridge.Poke();
        }
    }

    GatewayTopics Named()
    {
        // The name comes with the login, after the start.
        GatewayTopics now = topics;
        return TopicRules.Level(context.Name()) == now.Gateway ? now : Rename();
    }

    GatewayTopics Rename()
    {
        Withdraw();
        topics = new GatewayTopics(options.Site, context.Name());
        foreach (MqttBridge bridge in running)
        {
            bridge.Reconnect();
        }

        SayState();
        return topics;
    }

    /// <summary>Takes back what stands under the present name.</summary>
    void Withdraw()
    {
        if (publisher is null)
        {
            return;
        }

        foreach (string topic in announced.Keys)
        {
            Tell(new StateMessage(topic, ReadOnlyMemory<byte>.Empty, Retain: true));
        }

        announced = new Dictionary<string, byte[]>();
        foreach (Reading reading in Latest())
        {
            broker?.Publish(topics.Of(reading.Sensor), ReadOnlyMemory<byte>.Empty, retain: true);
        }

        broker?.Publish(topics.Status, ReadOnlyMemory<byte>.Empty, retain: true);
        broker?.Publish(topics.Health, ReadOnlyMemory<byte>.Empty, retain: true);
    }

    /// <summary>Says to the own broker how everything is; bridges say it themselves on every connection.</summary>
    void SayState()
    {
        Recall();
        announced = Discovery(topics).Announce(Descriptions(), Outputs());
        values = ValueTopics();
        health = HealthJson.Write(context.Faults());
        if (broker is { } to)
        {
            foreach (string gone in Gone(announced))
            {
                to.Publish(gone, ReadOnlyMemory<byte>.Empty, retain: true);
            }

            to.Publish(topics.Status, Encoding.ASCII.GetBytes("online"), retain: true);
            to.Publish(topics.Health, health, retain: true);
            foreach ((string topic, byte[] payload) in announced)
            {
                to.Publish(topic, payload, retain: true);
            }

            foreach (Reading reading in Latest().Where(r => r is { Quality: Quality.Good }))
            {
                to.Publish(topics.Of(reading.Sensor), ReadingJson.Write(reading.Value, reading.Sensor.Unit, reading.UnixMs, Quality.Good), retain: true);
            }

            if (options.IsSparkplug)
            {
                sparkplug ??= new SparkplugNode(topics, 0);
                BornLocally();
            }
        }

        Remember();
    }

    void BornLocally()
    {
        foreach ((string topic, byte[] payload) in sparkplug!.Births(Latest(), time.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            broker?.Publish(topic, payload, retain: false);
        }
    }

    void Tell(StateMessage message)
    {
        broker?.Publish(message.Topic, message.Payload, message.Retain);
        foreach (MqttBridge bridge in running)
        {
            bridge.Tell(message);
        }
    }

    DeviceDiscovery Discovery(GatewayTopics named) => new(named, options.Discovery, context.Version);

    OutputDescription[] Outputs() => [.. (context.Outputs?.Current ?? []).Select(s => s.Output)];

    HashSet<string> ValueTopics() => [.. Latest().Select(r => topics.Of(r.Sensor))];

    IEnumerable<Reading> OutputReadings() => (context.Outputs?.Current ?? []).Select(OutputReading.Of);

    IReadOnlyList<Reading> Latest() => [.. context.Latest(), .. OutputReadings()];

    IReadOnlyList<SensorDescription> Descriptions() => [.. context.Latest().Select(r => r.Sensor)];

    IEnumerable<string> Gone(IReadOnlyDictionary<string, byte[]> now)
    {
        lock (remembered)
        {
            return [.. remembered.Where(topic => !now.ContainsKey(topic))];
        }
    }

    void Recall()
    {
        lock (remembered)
        {
            if (remembered.Count > 0)
            {
                return;
            }

            try
            {
                string path = Path.Combine(context.Directory, AnnouncedFile);
                foreach (string topic in File.Exists(path) ? File.ReadLines(path).Take(MostAnnounced) : [])
                {
                    if (TopicRules.IsName(topic) && topic.Contains("/device/meshiot_", StringComparison.Ordinal))
                    {
                        remembered.Add(topic);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Then what was removed meanwhile stays announced.
            }
        }
    }

    void Remember()
    {
        lock (remembered)
        {
            // What is gone stays in the list: a bridge that is away now must hear of it too.
            int before = remembered.Count;
            remembered.UnionWith(announced.Keys);
            if (remembered.Count == before || remembered.Count > MostAnnounced)
            {
                return;
            }

            try
            {
                Directory.CreateDirectory(context.Directory);
                byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', remembered.Order(StringComparer.Ordinal)) + "\n");
                AtomicFile.Replace(Path.GetFullPath(Path.Combine(context.Directory, AnnouncedFile)), 0, file => file.Write(text));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // As above.
            }
        }
    }
}
