using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace MeshIoT.Mqtt.Broker;

/// <summary>
/// A client that is not there: brings a kept session back by connecting, subscribing and leaving as its client once did. What is sent to it goes
/// nowhere and stays unacknowledged, so that the real client gets it.
/// </summary>
internal sealed class RestoreAdapter : IMqttChannelAdapter
{
    readonly Channel<MqttPacket?> packets = Channel.CreateUnbounded<MqttPacket?>();
    readonly TaskCompletionSource subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the last subscription was answered.</summary>
    public Task Subscribed => subscribed.Task;

    public long BytesReceived => 0;

    public long BytesSent => 0;

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint => null;

    public EndPoint? LocalEndPoint => null;

    public bool IsSecureConnection => false;

    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; } = new(MqttProtocolVersion.V500, new MqttBufferWriter(64, 64));

    /// <summary>Gives the library a packet; null: the connection is over.</summary>
    public void Give(MqttPacket? packet) => packets.Writer.TryWrite(packet);

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken) => await packets.Reader.ReadAsync(cancellationToken);

    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttSubAckPacket { PacketIdentifier: ushort.MaxValue })
        {
            subscribed.TrySetResult();
        }

        return Task.CompletedTask;
    }

    public void ResetStatistics()
    {
    }

    public void Dispose()
    {
    }
}
