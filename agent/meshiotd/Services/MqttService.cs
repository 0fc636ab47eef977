using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Mqtt;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Mqtt.Broker;
using MeshIoT.Node;
using MeshIoT.Sensors;

namespace MeshIoT.Agent.Services;

/// <summary>
/// MQTT on this gateway: opens the broker where the configuration wants it, hands readings and outputs over, and follows changes of the file. Without
/// [mqtt] and [[bridge]] it does nothing at all.
/// </summary>
internal sealed class MqttService : IMqttPublisher, IAsyncDisposable
{
    readonly TailnetNode node;
    readonly Sampler sampler;
    readonly Outputs outputs;
    readonly FaultBoard<string> health;
    readonly List<IAsyncDisposable> listeners = [];
    IReadOnlyList<string> listening = [];
    bool isOn;

    /// <param name="node">The node: its addresses, its names.</param>
    /// <param name="isUserspace">Whether only this process reaches the tailnet.</param>
    /// <param name="sampler">The sensors.</param>
    /// <param name="outputs">What can be switched.</param>
    /// <param name="health">Where faults are shown, and what is said of them.</param>
    /// <param name="stateDirectory">Where sessions and waiting messages are kept.</param>
    /// <param name="name">The gateway's name.</param>
    /// <param name="time">The clock.</param>
    public MqttService(
        TailnetNode node, bool isUserspace, Sampler sampler, Outputs outputs, FaultBoard<string> health, string stateDirectory, Func<string> name, TimeProvider time)
    {
        (this.node, this.sampler, this.outputs, this.health) = (node, sampler, outputs, health);
        Gateway = new MqttGateway(
            new MqttGatewayContext
            {
                Name = name,
                Version = Program.Version,
                Directory = Path.Combine(stateDirectory, "mqtt"),
                Latest = () => sampler.Latest(time.GetUtcNow().ToUnixTimeMilliseconds()),
                Faults = () => health.Current,
                Show = health.Show,
                Log = Log.Warning,
                Outputs = outputs,
                Dialer = new BridgeDialer(isUserspace ? DialAsync : null),
            },
            time);
    }

    /// <summary>Broker and bridges.</summary>
    public MqttGateway Gateway { get; }

    /// <summary>Goes by these options from now on.</summary>
    public async Task UseAsync(MqttOptions? options, IReadOnlyList<BridgeOptions> bridges, SpoolOptions spool)
    {
        Gateway.Use(spool);
        bool isWanted = options is not null || bridges.Count > 0;
        if (isWanted && !isOn)
        {
            sampler.Sampled += Gateway.Take;
            outputs.Changed += Gateway.Take;
            node.StatusChanged += Poke;
        }
        else if (!isWanted && isOn)
        {
            Forget();
        }

        isOn = isWanted;
        bool isOther = await Gateway.UseAsync(options, bridges);
        IReadOnlyList<string> wanted = [.. (options?.Listen ?? []).Distinct().Select(at => at is "tailnet" or "localhost" ? $"{at}:{options!.Port}" : at)];
        if (isOther || !wanted.SequenceEqual(listening))
        {
            await ListenAsync(wanted);
        }
    }

    /// <summary>What is wrong with the gateway has changed.</summary>
    public void Poke() => Gateway.HealthChanged();

    /// <inheritdoc/>
    public void Publish(string topic, ReadOnlyMemory<byte> payload, bool retain) => Gateway.Publish(topic, payload, retain);

    /// <summary>Tells brokers of an alert, on <c>…/alert</c>.</summary>
    public void Alert(ReadOnlyMemory<byte> payload)
    {
        if (isOn)
        {
            Publish(Gateway.Topics.Prefix + "/alert", payload, retain: false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (isOn)
        {
            Forget();
        }

        await ListenAsync([]);
        await Gateway.DisposeAsync();
    }

    void Forget()
    {
        sampler.Sampled -= Gateway.Take;
        outputs.Changed -= Gateway.Take;
        node.StatusChanged -= Poke;
    }

    async Task ListenAsync(IReadOnlyList<string> wanted)
    {
        foreach (IAsyncDisposable listener in listeners)
        {
            await listener.DisposeAsync();
        }

        listeners.Clear();
        health.ClearWhere(static topic => topic.StartsWith("mqtt:listen:", StringComparison.Ordinal));
        listening = wanted;
        if (Gateway.Broker is not { } broker)
        {
            return;
        }

        foreach (string at in wanted)
        {
            try
            {
                Open(broker, at);
            }
            catch (FaultException e)
            {
                health.Set("mqtt:listen:" + at, e.Report);
                Log.Error(e.Report.ToString());
            }
        }

        if (wanted.Count > 0)
        {
            Log.Info($"MQTT broker on {string.Join(", ", wanted)}");
        }
    }

    void Open(MqttBroker broker, string at)
    {
        if (IPEndPoint.TryParse(at, out IPEndPoint? end))
        {
            listeners.Add(new Door(BrokerListener.Open(broker, end)));
            return;
        }

        int port = int.Parse(at.AsSpan(at.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);
        if (at.StartsWith("tailnet:", StringComparison.Ordinal))
        {
            TailnetListener tailnet = node.Listen(port);
            listeners.Add(tailnet);
            _ = AcceptAsync(broker, tailnet);
            return;
        }

        listeners.Add(new Door(BrokerListener.Open(broker, new IPEndPoint(IPAddress.Loopback, port))));
        try
        {
            listeners.Add(new Door(BrokerListener.Open(broker, new IPEndPoint(IPAddress.IPv6Loopback, port))));
        }
        catch (FaultException)
        {
            // A machine without IPv6.
        }
    }

    static async Task AcceptAsync(MqttBroker broker, TailnetListener tailnet)
    {
        try
        {
            while (true)
            {
                TailnetConnection connection = await tailnet.AcceptAsync(CancellationToken.None);
                _ = broker.ServeAsync(connection.Stream, connection.Remote, connection.Stream.CloseWrite);
            }
        }
        catch (ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    // Without a kernel interface the machine's own sockets do not reach the tailnet.
    async ValueTask<Stream?> DialAsync(string host, int port, CancellationToken ct) =>
        node.TryResolve(host, out IPAddress? address) && node.Status.Peers.Any(p => p.Addresses.Contains(address)) ? await node.DialAsync(host, port, ct) : null;

    sealed class Door(BrokerListener listener) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            listener.Dispose();
            return default;
        }
    }
}
