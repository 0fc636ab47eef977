using System;
using System.Buffers;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace MeshIoT.Derp;

/// <summary>
/// A TCP connection whose threads wait in poll(2) themselves. The runtime's asynchronous sockets would wake two more threads for each
/// piece that comes (its poller, then a worker): at a packet size of 1280 bytes that costs more than TLS. It reads as much as there is
/// and gives TLS its small pieces from there.
/// </summary>
internal sealed class SocketTransport : Transport
{
    // Four full TLS records with their headers, and a little more.
    const int ReadSize = 64 * 1024, GatherSize = 72 * 1024;

    readonly Socket socket;
    readonly Lock writing = new();
    byte[] gathered = [];   // rented between Gather and Release
    int gatheredLength;
    byte[] buffer = [];   // rented while it holds something
    int filled, given, aborted;

    /// <summary>Takes a connected socket that does not block.</summary>
    public SocketTransport(Socket socket)
    {
        this.socket = socket;
        LocalAddress = (socket.LocalEndPoint as IPEndPoint)?.Address;
    }

    /// <summary>This machine's end.</summary>
    public IPAddress? LocalAddress { get; }

    /// <summary>A read of no bytes waits until there are some.</summary>
    public override int Read(Span<byte> output)
    {
        if (given == filled && !Fill())
        {
            return 0;
        }

        int count = Math.Min(output.Length, filled - given);
        buffer.AsSpan(given, count).CopyTo(output);
        given += count;
        return count;
    }

    /// <summary>Sends, or gathers after <see cref="Gather"/>.</summary>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        // TLS may answer something on the reading thread.
        lock (writing)
        {
            if (gathered.Length == 0)
            {
                Send(bytes);
                return;
            }

            if (bytes.Length > gathered.Length - gatheredLength)
            {
                Send(gathered.AsSpan(0, gatheredLength));
                gatheredLength = 0;
            }

            if (bytes.Length > gathered.Length)
            {
                Send(bytes);
                return;
            }

            bytes.CopyTo(gathered.AsSpan(gatheredLength));
            gatheredLength += bytes.Length;
        }
    }

    /// <inheritdoc/>
    public override void Gather()
    {
        lock (writing)
        {
            gathered = gathered.Length > 0 ? gathered : ArrayPool<byte>.Shared.Rent(GatherSize);
        }
    }

    /// <inheritdoc/>
    public override void Release()
    {
        lock (writing)
        {
            byte[] last = gathered;
            int length = gatheredLength;
            (gathered, gatheredLength) = ([], 0);
            try
            {
                Send(last.AsSpan(0, length));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(last);
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
            GiveBack();
        }

        base.Dispose(disposing);
    }

    void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = socket.Send(bytes, SocketFlags.None, out SocketError error);
            switch (error)
            {
                case SocketError.Success:
                    bytes = bytes[count..];
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

    // False at the end of the stream.
    bool Fill()
    {
        (filled, given) = (0, 0);
        while (true)
        {
            buffer = buffer.Length > 0 ? buffer : ArrayPool<byte>.Shared.Rent(ReadSize);
            int count = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            switch (error)
            {
                case SocketError.Success:
                    filled = count;
                    return count > 0;
                case SocketError.WouldBlock:
                    GiveBack();
                    BeforeWait?.Invoke();
                    socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
                    break;
                case SocketError.Interrupted:
                    break;
                default:
                    throw new IOException(null, new SocketException((int)error));
            }
        }
    }

    void GiveBack()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }
}
