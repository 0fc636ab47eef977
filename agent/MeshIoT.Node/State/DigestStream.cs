using System;
using System.IO;
using MeshIoT.Crypto;

namespace MeshIoT.Node.State;

/// <summary>Passes on what is written and keeps its BLAKE2s-256.</summary>
internal sealed class DigestStream(Stream inner) : Stream
{
    readonly Blake2s digest = new(KeptNetmapHeader.DigestSize, null);
    byte[] copy = [];

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The digest of all that was written; nothing may be written any more.</summary>
    public byte[] Finish()
    {
        byte[] result = new byte[KeptNetmapHeader.DigestSize];
        digest.Finish(result, 0);
        return result;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        digest.Update(buffer, offset, count);
        inner.Write(buffer, offset, count);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (copy.Length < buffer.Length)
        {
            copy = new byte[Math.Max(buffer.Length, 4096)];
        }

        buffer.CopyTo(copy);
        Write(copy, 0, buffer.Length);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // The file is flushed as a whole, once.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
