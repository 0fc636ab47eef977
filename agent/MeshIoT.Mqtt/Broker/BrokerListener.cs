using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Mqtt.Broker;

/// <summary>A TCP port of this machine on which a broker is served.</summary>
public sealed class BrokerListener : IDisposable
{
    const int Backlog = 512;

    static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    readonly Socket socket;
    readonly MqttBroker broker;

    BrokerListener(Socket socket, MqttBroker broker)
    {
        (this.socket, this.broker) = (socket, broker);
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint At => (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Listens; throws mqtt-listen-unusable.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="at">Address and port; port 0 takes a free one.</param>
    public static BrokerListener Open(MqttBroker broker, IPEndPoint at)
    {
        Socket socket = new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (at.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(at);
            socket.Listen(Backlog);
            return new BrokerListener(socket, broker);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Faults.MqttListenUnusable.With(at, e.Message).ToException(e);
        }
    }

    /// <summary>Closes the port; connections live on.</summary>
    public void Dispose() => socket.Dispose();

    async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Socket accepted = await socket.AcceptAsync(CancellationToken.None);
                accepted.NoDelay = true;
                accepted.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                _ = broker.ServeAsync(new NetworkStream(accepted, ownsSocket: true), accepted.RemoteEndPoint, () => accepted.Shutdown(SocketShutdown.Send));
            }
            catch (Exception e) when (e is ObjectDisposedException || (e is SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument }))
            {
                return;
            }
            catch (SocketException)
            {
                // A connection that died while it waited; out of descriptors: give others time to return some.
                await Task.Delay(Breath);
            }
        }
    }
}
