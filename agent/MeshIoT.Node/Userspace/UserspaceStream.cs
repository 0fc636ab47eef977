using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.NetStack;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Userspace;

/// <summary>
/// A TCP connection of our own stack as a stream. The engine thread owns the socket and moves bytes between it and two bounded
/// rings (<c>UserspaceStream.Engine.cs</c>); the program's threads only touch the rings, and wait at a gate when one is empty or
/// full. A reader that does not read fills its ring, then the socket's buffer, then closes the peer's window.
/// </summary>
internal sealed partial class UserspaceStream : TailnetStream
{
    // Small: the socket has buffers of its own, these only cover the hand-over between two threads.
    const int RingBytes = 32 * 1024;

    // How long what was written before the stream was disposed may still wait for a peer that does not take it.
    static readonly TimeSpan LingerLimit = TimeSpan.FromMinutes(1);

    readonly ByteRing received = new(RingBytes), sending = new(RingBytes);
    readonly AsyncGate readable = new(), writable = new();
    readonly PacketEngine engine;
    readonly PumpWork pump;
    volatile bool disposed, writeClosed, endOfStream;
    volatile SocketError failure;
    int receiveStalled;

    /// <inheritdoc/>
    public override bool CanRead => !disposed;

    /// <inheritdoc/>
    public override bool CanWrite => !disposed;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(disposed, this);

            // In this order: an end seen before the ring was found empty is an end after the last byte.
            bool ended = endOfStream;
            SocketError error = failure;
            int count = buffer.IsEmpty ? 0 : received.Read(buffer.Span);
            if (count > 0)
            {
                Unstall();
                return count;
            }

            if (buffer.IsEmpty && received.Count > 0)
            {
                return 0;
            }

            if (ended)
            {
                return 0;
            }

            if (error != SocketError.None)
            {
                throw Broken(error);
            }

            await readable.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (failure != SocketError.None)
            {
                throw Broken(failure);
            }

            if (writeClosed)
            {
                throw new InvalidOperationException("the writing side of this connection is closed");
            }

            int count = sending.Write(buffer.Span);
            if (count > 0)
            {
                pump.Request();
                buffer = buffer[count..];
            }

            if (buffer.IsEmpty)
            {
                return;
            }

            await writable.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override void CloseWrite()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        writeClosed = true;
        pump.Request();
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposed)
        {
            writeClosed = true;
            disposed = true;
            readable.Set();
            writable.Set();
            pump.Request();
            if (sending.Count > 0)
            {
                _ = Task.Delay(LingerLimit).ContinueWith(
                    static (_, stream) => ((UserspaceStream)stream!).GiveUp(), this, TaskScheduler.Default);
            }
        }

        base.Dispose(disposing);
    }

    static IOException Broken(SocketError error) => new(error switch
    {
        SocketError.ConnectionReset => "the peer reset the connection",
        SocketError.TimedOut => "the peer does not answer any more",
        SocketError.Unreachable => "the peer cannot be reached any more",
        SocketError.NoResources => "too many connections",
        SocketError.ConnectionRefused => "the peer refused the connection",
        _ => "the connection was aborted",
    });

    // The engine stopped filling the ring because it was full. Once there is room for a good piece it is told to go on.
    void Unstall()
    {
        if (Volatile.Read(ref receiveStalled) != 0 && received.Free >= RingBytes / 2
            && Interlocked.Exchange(ref receiveStalled, 0) != 0)
        {
            pump.Request();
        }
    }
}
