using System;
using System.IO;

namespace MeshIoT.Derp;

/// <summary>
/// The bytes beneath TLS: blocking reads and writes for one thread each. Whoever reads hears when the next read has to wait, so that
/// what has been gathered until then goes on its way; and any thread can end both at once.
/// </summary>
internal abstract class Transport : Stream
{
    /// <summary>Called on the reading thread before it waits.</summary>
    public Action? BeforeWait { get; set; }

    /// <inheritdoc/>
    public sealed override bool CanRead => true;

    /// <inheritdoc/>
    public sealed override bool CanWrite => true;

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <inheritdoc/>
    public sealed override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Lets a waiting read and write end with nothing or an <see cref="IOException"/>, now and from now on. Any thread.</summary>
    public abstract void Abort();

    /// <summary>From here to <see cref="Release"/> writes may be put together, so that several TLS records leave in one system call.</summary>
    public virtual void Gather()
    {
    }

    /// <summary>Sends what was gathered. Each call belongs to one of <see cref="Gather"/>.</summary>
    public virtual void Release()
    {
    }

    /// <inheritdoc/>
    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public sealed override void Flush()
    {
    }

    /// <inheritdoc/>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void SetLength(long value) => throw new NotSupportedException();
}
