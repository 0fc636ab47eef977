using System;
using System.Buffers;

namespace MeshIoT.Coordinator;

/// <summary>A growing buffer on borrowed memory: frames of large tailnets come and go without troubling the garbage collector.</summary>
internal sealed class PooledBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    byte[] buffer = ArrayPool<byte>.Shared.Rent(capacity);
    int written;

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, written);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, buffer.Length - written);
        written += count;
    }

    /// <summary>Takes the last <paramref name="count"/> bytes back.</summary>
    public void Retract(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, written);
        written -= count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(written);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        written = 0;
    }

    void Reserve(int sizeHint)
    {
        int needed = written + Math.Max(sizeHint, 1);
        if (needed > buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }
}
