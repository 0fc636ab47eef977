using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator;

/// <summary>A connection's pair of pipes as one stream. A read of no bytes waits for bytes. Disposing it wakes reader and writer; the pipes stay their owner's.</summary>
internal sealed class DuplexStream(IDuplexPipe pipe) : Stream
{
    volatile bool isClosed;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (isClosed)
        {
            return 0;
        }

        ReadResult result = await pipe.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
        int count = (int)Math.Min(result.Buffer.Length, buffer.Length);
        ReadOnlySequence<byte> bytes = result.Buffer.Slice(0, count);
        bytes.CopyTo(buffer.Span);

        // What was not taken was not examined either: a read of no bytes must not make the next one wait.
        pipe.Input.AdvanceTo(bytes.End);
        return result.IsCanceled ? 0 : count;
    }

    // Nobody is told that the connection has ended but the reader, who is there all the time: the HTTP server takes a write that fails for its own fault.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!isClosed)
        {
            await pipe.Output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;   // every write is flushed

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !isClosed)
        {
            isClosed = true;
            pipe.Input.CancelPendingRead();
            pipe.Output.CancelPendingFlush();
        }

        base.Dispose(disposing);
    }
}
