using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Mqtt.Bridge;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Sensors;
using MeshIoT.Tests;

namespace MeshIoT.Mqtt.Tests.Bridge;

/// <summary>A gateway on a virtual clock with a bridge to a simulated broker; its spool is the real one, in a directory of its own.</summary>
internal sealed class BridgedGateway : IAsyncDisposable
{
    readonly TemporaryDirectory directory;
    readonly bool isOwner;

    public BridgedGateway(FakeBroker broker, ManualTime time, TemporaryDirectory? directory = null, SpoolOptions? spool = null)
    {
        (this.directory, isOwner, Broker, Time) = (directory ?? new TemporaryDirectory(), directory is null, broker, time);
        Outputs = new Outputs(time, null);
        Outputs.Use([new OutputEntry { Id = "pump", Driver = "relay" }], entry => new Held(entry));
        Outputs.Changed += state => Switched.Enqueue(state.Value);
        Gateway = new MqttGateway(
            new MqttGatewayContext
            {
                Name = () => Name,
                Version = "0.1.0",
                Directory = this.directory.Path,
                Latest = () => Latest,
                Faults = () => [],
                Show = (topic, fault) => Faults[topic] = fault,
                Links = broker.Link,
                SpoolOptions = spool ?? new SpoolOptions(),
                Outputs = Outputs,
            },
            time);
    }

    public string Name { get; set; } = "barn";

    public MqttGateway Gateway { get; }

    public FakeBroker Broker { get; }

    public ManualTime Time { get; }

    /// <summary>One switch, <c>pump</c>, that holds what it is set to.</summary>
    public Outputs Outputs { get; }

    public ConcurrentQueue<double?> Switched { get; } = [];

    public IReadOnlyList<Reading> Latest { get; set; } = [];

    public ConcurrentDictionary<string, FaultReport?> Faults { get; } = [];

    public static BridgeOptions Options { get; } = new() { Name = "cloud", Host = "broker.example", Discovery = false };

    public static SensorDescription Sensor(int number) => new($"s{number}", $"Sensor {number}", "sim", "temperature", "°C");

    public long Waiting => Gateway.Bridges.Sum(b => b.Waiting);

    /// <summary>Turns the clock second by second until something is so.</summary>
    public async Task TurnUntilAsync(Func<bool> isSo, int mostSeconds, string what)
    {
        for (int i = 0; i < mostSeconds; i++)
        {
            if (isSo())
            {
                return;
            }

            Time.Advance(TimeSpan.FromSeconds(1));
            await RestAsync();
        }

        if (!isSo())
        {
            throw new TimeoutException($"not within {mostSeconds} s of the virtual clock: {what}");
        }
    }

    /// <summary>Lets tasks run until nothing more comes to the broker.</summary>
    public async Task RestAsync()
    {
        int before, quiet = 0;
        do
        {
            before = Broker.Count + Broker.Tries;
            await Task.Delay(2);
            quiet = Broker.Count + Broker.Tries == before ? quiet + 1 : 0;
        }
        while (quiet < 2);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        Outputs.Dispose();
        if (isOwner)
        {
            directory.Dispose();
        }
    }

    sealed class Held(OutputEntry entry) : OutputDevice(OutputDescription.Switch(entry))
    {
        double held;

        public override FaultReport? TrySet(double value)
        {
            held = value;
            return null;
        }

        public override FaultReport? TryRead(out double value)
        {
            value = held;
            return null;
        }
    }
}
