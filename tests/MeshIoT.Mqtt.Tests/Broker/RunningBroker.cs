using System;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Mqtt.Access;
using MeshIoT.Mqtt.Broker;
using MQTTnet;
using MQTTnet.Formatter;

namespace MeshIoT.Mqtt.Tests.Broker;

/// <summary>A broker on a port of loopback, with clients for it.</summary>
internal sealed class RunningBroker : IAsyncDisposable
{
    RunningBroker(MqttBroker broker, BrokerListener listener) => (Broker, Listener) = (broker, listener);

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public MqttBroker Broker { get; }

    public BrokerListener Listener { get; }

    public static async Task<RunningBroker> StartAsync(BrokerOptions? options = null, AccessList? access = null, TimeProvider? time = null)
    {
        MqttBroker broker = new(options ?? new BrokerOptions(), access ?? AccessList.Open, time ?? TimeProvider.System);
        await broker.StartAsync();
        return new RunningBroker(broker, BrokerListener.Open(broker, new IPEndPoint(IPAddress.Loopback, 0)));
    }

    public Task<RawClient> RawAsync() => RawClient.ConnectAsync(Listener.At);

    /// <summary>A client of the library, connected.</summary>
    public async Task<(IMqttClient Client, MqttClientConnectResult Result)> ClientAsync(
        string id, bool isClean = true, MqttProtocolVersion version = MqttProtocolVersion.V500, string? user = null, string? password = null, uint expiry = 0,
        Action<MqttApplicationMessage>? received = null)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        if (received is not null)
        {
            client.ApplicationMessageReceivedAsync += e =>
            {
                received(e.ApplicationMessage);
                return Task.CompletedTask;
            };
        }

        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Listener.At.Port).WithClientId(id)
            .WithProtocolVersion(version).WithCleanStart(isClean).WithTimeout(Patience);
        if (version == MqttProtocolVersion.V500)
        {
            options.WithSessionExpiryInterval(expiry);
        }

        if (user is not null)
        {
            options.WithCredentials(user, password);
        }

        return (client, await client.ConnectAsync(options.Build()));
    }

    public static async Task UntilAsync(Func<bool> isSo, string what)
    {
        DateTime end = DateTime.UtcNow + Patience;
        while (!isSo())
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException("it never came true: " + what);
            }

            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Listener.Dispose();
        await Broker.DisposeAsync();
    }
}
