using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Node.Session;

namespace MeshIoT.Node.Kernel;

/// <summary>
/// A listening port of the kernel on the tailnet addresses alone, never on the machine's other networks. The addresses come
/// with the netmap, after the program asked to listen, and may change: <see cref="Bind"/> follows them.
/// </summary>
internal sealed class KernelListener : TailnetListener
{
    const int Waiting = 64, Backlog = 64;

    readonly Channel<TailnetConnection> accepted = Channel.CreateBounded<TailnetConnection>(Waiting);
    readonly Dictionary<IPAddress, Socket> sockets = [];
    readonly HealthBoard health;
    readonly Action<KernelListener> closed;
    bool disposed;

    /// <param name="port">1 to 65535.</param>
    /// <param name="health">Hears of a port that another program holds.</param>
    /// <param name="closed">Called once, when the listener is disposed.</param>
    public KernelListener(int port, HealthBoard health, Action<KernelListener> closed)
    {
        Port = port;
        this.health = health;
        this.closed = closed;
    }

    /// <inheritdoc/>
    public override int Port { get; }

    /// <inheritdoc/>
    public override async ValueTask<TailnetConnection> AcceptAsync(CancellationToken ct)
    {
        try
        {
            return await accepted.Reader.ReadAsync(ct);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(TailnetListener));
        }
    }

    /// <summary>Listens on exactly these addresses from now on.</summary>
    public void Bind(IReadOnlyList<IPAddress> addresses)
    {
        lock (sockets)
        {
            foreach (IPAddress gone in sockets.Keys.Where(address => disposed || !addresses.Contains(address)).ToList())
            {
                sockets[gone].Dispose();
                sockets.Remove(gone);
            }

            foreach (IPAddress address in addresses)
            {
                if (!disposed && !sockets.ContainsKey(address) && Open(address) is { } socket)
                {
                    sockets[address] = socket;
                    _ = AcceptLoopAsync(socket);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        disposed = true;
        Bind([]);
        if (accepted.Writer.TryComplete())
        {
            health.Clear(HealthTopic.Listener);
            closed(this);
        }

        while (accepted.Reader.TryRead(out TailnetConnection? connection))
        {
            connection.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    Socket? Open(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, Port));
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();

            // An address the kernel did not take (IPv6 switched off) cannot be listened on; the other one serves.
            if (e.SocketErrorCode != SocketError.AddressNotAvailable)
            {
                health.Set(HealthTopic.Listener, Faults.ListenPortInUse.With(Port));
            }

            return null;
        }
    }

    async Task AcceptLoopAsync(Socket listening)
    {
        while (true)
        {
            try
            {
                Socket socket = await listening.AcceptAsync();
                TailnetConnection connection = new(new KernelStream(socket), (IPEndPoint)socket.RemoteEndPoint!);
                await accepted.Writer.WriteAsync(connection);
            }
            catch (Exception e) when (e is ObjectDisposedException or ChannelClosedException
                || (e is SocketException socketError && socketError.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted))
            {
                return;
            }
            catch (SocketException)
            {
                // A connection that died while it waited; out of descriptors: give others time to return some.
                await Task.Delay(100);
            }
        }
    }
}
