using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace MeshIoT.Derp;

/// <summary>
/// A TCP connection whose threads wait in poll(2) themselves. The runtime's asynchronous sockets would wake two more threads for each
/// piece that comes (its poller, then a worker): at a packet size of 1280 bytes that costs more than TLS.
/// </summary>
internal sealed class SocketTransport : Transport
{
    readonly Socket socket;
    int aborted;

    /// <summary>Takes a connected socket that does not block.</summary>
    public SocketTransport(Socket socket)
    {
        this.socket = socket;
        LocalAddress = (socket.LocalEndPoint as IPEndPoint)?.Address;
    }

    /// <summary>This machine's end.</summary>
    public IPAddress? LocalAddress { get; }

    /// <summary>A read of no bytes waits until there are some.</summary>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            if (!socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            {
                Wait();
            }

            return 0;
        }

        while (true)
        {
            int count = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            switch (error)
            {
                case SocketError.Success:
                    return count;
                case SocketError.WouldBlock:
                    Wait();
                    break;
                case SocketError.Interrupted:
                    break;
                default:
                    throw new IOException(null, new SocketException((int)error));
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = socket.Send(buffer, SocketFlags.None, out SocketError error);
            switch (error)
            {
                case SocketError.Success:
                    buffer = buffer[count..];
                    break;
                case SocketError.WouldBlock:
                    socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectWrite);
                    break;
                case SocketError.Interrupted:
                    break;
                default:
                    throw new IOException(null, new SocketException((int)error));
            }
        }
    }

    /// <summary>Shuts the connection down both ways: that lets go whoever waits in poll. The descriptor stays until <see cref="Stream.Dispose()"/>.</summary>
    public override void Abort()
    {
        if (Interlocked.Exchange(ref aborted, 1) == 0)
        {
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is down already.
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }

        base.Dispose(disposing);
    }

    void Wait()
    {
        BeforeWait?.Invoke();
        socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
    }
}
