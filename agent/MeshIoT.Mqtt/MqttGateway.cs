using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Mqtt.Broker;
using MeshIoT.Mqtt.HomeAssistant;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Mqtt.Sparkplug;
using MeshIoT.Mqtt.Topics;
using MeshIoT.Sensors;

namespace MeshIoT.Mqtt;

/// <summary>
/// A gateway on MQTT: its broker and its bridges, with the readings, announcements and state that go to them, and the commands that come back. Options
/// may change while it runs. What is not wanted costs nothing: no broker without <see cref="MqttOptions.Listen"/>, no spool without bridges.
/// </summary>
public sealed partial class MqttGateway : IMqttPublisher, IBridgeHost, IAsyncDisposable
{
    readonly MqttGatewayContext context;
    readonly TimeProvider time;
    readonly SemaphoreSlim changing = new(1, 1);
    readonly Dictionary<string, MqttBridge> bridges = new(StringComparer.Ordinal);
    volatile MqttBridge[] running = [];
    volatile MqttOptions options = new();
    volatile GatewayTopics topics;
    volatile IReadOnlyDictionary<string, byte[]> announced = new Dictionary<string, byte[]>();
    MqttBroker? broker;
    SpoolOptions spoolOptions;
    Spool? spool;
    ReadingPublisher? publisher;
    SparkplugNode? sparkplug;
    byte[] health = [];
    HashSet<string> values = [];

    /// <param name="context">What it needs of the gateway.</param>
    /// <param name="time">The clock.</param>
    public MqttGateway(MqttGatewayContext context, TimeProvider time) => (this.context, this.time, spoolOptions, topics) = (context, time, context.SpoolOptions, new GatewayTopics("home", "gateway"));

    /// <summary>The broker; null while there is none.</summary>
    public MqttBroker? Broker => broker;

    /// <summary>The gateway's topics.</summary>
    public GatewayTopics Topics => topics;

    /// <inheritdoc/>
    public string HomeAssistantStatus => options.Discovery.Prefix + "/status";

    /// <summary>The bridges: name, whether the broker is reached, how many messages wait for it.</summary>
    public IReadOnlyList<(string Name, bool IsConnected, long Waiting)> Bridges => [.. running.Select(b => (b.Options.Name, b.IsConnected, spool?.Pending(b.Options.Name) ?? 0))];

    /// <summary>
    /// Goes by these options from now on. A broker that stays keeps its connections where only users change; other changes of it begin it anew, with its
    /// sessions. Returns true when the broker is another one than before: whoever listens for it has to listen again.
    /// </summary>
    /// <param name="wanted">The broker and the names; null: no broker.</param>
    /// <param name="bridging">The bridges.</param>
    public async Task<bool> UseAsync(MqttOptions? wanted, IReadOnlyList<BridgeOptions> bridging)
    {
        await changing.WaitAsync();
        try
        {
            MqttOptions before = options;
            options = wanted ?? new MqttOptions { Site = before.Site };
            GatewayTopics named = new(options.Site, context.Name());
            bool isRenamed = named != topics;
            if (isRenamed)
            {
                Withdraw();
                topics = named;
            }

            bool isOther = await UseBrokerAsync(before);
            await UseBridgesAsync(bridging, isRenamed);
            if (broker is null && running.Length == 0)
            {
                await StopPublishingAsync();
            }
            else
            {
                bool isNew = publisher is null;
                publisher ??= new ReadingPublisher(Named, SendAsync, time);
                if (!isNew)
                {
                    SensorsChanged();
                }

                if (isNew || isOther || isRenamed)
                {
                    SayState();
                }
            }

            return isOther;
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Readings that are worth passing on; any thread, returns at once.</summary>
    public void Take(IReadOnlyList<Reading> readings) => publisher?.Take(readings);

    /// <summary>An output has changed; any thread, returns at once.</summary>
    public void Take(OutputState output) => publisher?.Take([OutputReading.Of(output)]);

    /// <summary>The sensors or outputs are others than before: announces what is new and takes back what is gone.</summary>
    public void SensorsChanged()
    {
        if (publisher is null)
        {
            return;
        }

        IReadOnlyDictionary<string, byte[]> now = Discovery(topics).Announce(Descriptions(), Outputs()), before = announced;
        announced = now;
        HashSet<string> valuesNow = ValueTopics();
        foreach (string gone in before.Keys.Where(topic => !now.ContainsKey(topic)).Concat(values.Except(valuesNow)))
        {
            Tell(new StateMessage(gone, ReadOnlyMemory<byte>.Empty, Retain: true));
        }

        foreach ((string topic, byte[] payload) in now)
        {
            if (!before.TryGetValue(topic, out byte[]? last) || !last.AsSpan().SequenceEqual(payload))
            {
                Tell(new StateMessage(topic, payload, Retain: true));
            }
        }

        values = valuesNow;
        Remember();
        if (sparkplug is not null)
        {
            BornLocally();
        }
    }

    /// <summary>What is wrong with the gateway has changed.</summary>
    public void HealthChanged()
    {
        if (publisher is not null && HealthJson.Write(context.Faults()) is var now && !now.AsSpan().SequenceEqual(health))
        {
            health = now;
            Tell(new StateMessage(topics.Health, now, Retain: true));
        }
    }

    /// <inheritdoc/>
    public void Publish(string topic, ReadOnlyMemory<byte> payload, bool retain)
    {
        broker?.Publish(topic, payload, retain);
        if (TopicRules.IsName(topic))
        {
            Spool([BridgeItem.Of(topic, payload, retain, time.GetUtcNow().ToUnixTimeMilliseconds())], topic, isUrgent: true);
        }
    }

    /// <summary>Says goodbye to all brokers and writes down what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopPublishingAsync();
        foreach (MqttBridge bridge in running)
        {
            await bridge.DisposeAsync();
        }

        running = [];
        if (broker is { } last)
        {
            await last.PublishAsync(topics.Status, Encoding.ASCII.GetBytes("offline"), retain: true, 1);
            await last.DisposeAsync();
        }

        spool?.Dispose();
        changing.Dispose();
    }

    async Task<bool> UseBrokerAsync(MqttOptions before)
    {
        bool isWanted = options.Listen.Count > 0;
        if (broker is { } known && isWanted && before.Broker == options.Broker && before.Keeps == options.Keeps)
        {
            if (!ReferenceEquals(before.Access, options.Access))
            {
                known.Use(options.Access);
            }

            return false;
        }

        if (broker is null && !isWanted)
        {
            return false;
        }

        if (broker is { } last)
        {
            broker = null;
            sparkplug = null;
            await last.DisposeAsync();
        }

        if (isWanted)
        {
            MqttBroker next = new(options.Keeps ? options.Broker with { StateFile = Path.Combine(context.Directory, "broker.state") } : options.Broker, options.Access, time);
            next.Faulted += context.Show;
            next.Received += FromClient;
            await next.StartAsync();
            broker = next;
        }

        return true;
    }

    /// <summary>How much waits for brokers that are away, from now on. Before or after <see cref="UseAsync"/>, not beside it.</summary>
    public void Use(SpoolOptions options)
    {
        spoolOptions = options;
        spool?.Use(options);
    }

    async Task UseBridgesAsync(IReadOnlyList<BridgeOptions> wanted, bool isRenamed)
    {
        foreach (MqttBridge bridge in running)
        {
            BridgeOptions? next = wanted.FirstOrDefault(b => b.Name == bridge.Options.Name);
            if (isRenamed || next is null || !BridgeComparison.AreSame(next, bridge.Options))
            {
                bridges.Remove(bridge.Options.Name);
                await bridge.DisposeAsync();
            }
        }

        if (wanted.Count > 0 && spool is null)
        {
            Directory.CreateDirectory(context.Directory);
            spool = History.Spool.Open(Path.Combine(context.Directory, "spool.db"), spoolOptions, time);
            spool.ProblemChanged += fault => context.Show("mqtt:spool", fault);
            context.Show("mqtt:spool", spool.Problem);
        }

        spool?.KeepReaders([.. wanted.Select(b => b.Name)]);
        foreach (BridgeOptions one in wanted)
        {
            if (!bridges.ContainsKey(one.Name))
            {
                bridges[one.Name] = new MqttBridge(one, spool!, this, context.Links ?? Link, time, Random.Shared);
            }
        }

        running = [.. bridges.Values];
        if (running.Length == 0 && spool is { } unused)
        {
            spool = null;
            unused.Dispose();
            context.Show("mqtt:spool", null);
        }
    }

    MqttLink Link(BridgeOptions bridge) => new(bridge, ct => context.Dialer.DialAsync(bridge, ct), time);

    async Task StopPublishingAsync()
    {
        if (Interlocked.Exchange(ref publisher, null) is { } last)
        {
            await last.DisposeAsync();
        }
    }
}
