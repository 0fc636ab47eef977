using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Control;

/// <summary>The bytes of one frame as a stream of their own that ends with them. What has been read of them already comes first.</summary>
internal sealed class FrameBytes(Stream inner, byte[] start, int startLength, int remaining) : Stream
{
    int startTaken;

    /// <summary>The stream below ended before the frame did.</summary>
    public bool IsCutOff { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

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
        if (startTaken < startLength)
        {
            int copied = Math.Min(buffer.Length, startLength - startTaken);
            start.AsSpan(startTaken, copied).CopyTo(buffer.Span);
            startTaken += copied;
            return copied;
        }

        if (remaining == 0 || buffer.Length == 0)
        {
            return 0;
        }

        int count = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, remaining)], cancellationToken).ConfigureAwait(false);
        remaining -= count;
        IsCutOff = count == 0;
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
