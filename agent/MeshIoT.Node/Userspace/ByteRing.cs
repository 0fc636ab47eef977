using System;
using System.Threading;

namespace MeshIoT.Node.Userspace;

/// <summary>
/// Bytes on their way from one thread to one other, in a fixed buffer. The writer alone moves <c>written</c>, the reader alone
/// moves <c>taken</c>; each publishes its counter after it is done with the bytes, so neither ever waits for the other.
/// </summary>
internal sealed class ByteRing
{
    readonly byte[] buffer;
    readonly int mask;
    long written, taken;

    /// <param name="capacity">A power of two.</param>
    public ByteRing(int capacity)
    {
        buffer = new byte[capacity];
        mask = capacity - 1;
    }

    /// <summary>The whole buffer, for the segments below.</summary>
    public byte[] Buffer => buffer;

    /// <summary>Bytes inside now.</summary>
    public int Count => (int)(Volatile.Read(ref written) - Volatile.Read(ref taken));

    /// <summary>Room now.</summary>
    public int Free => buffer.Length - Count;

    /// <summary>Writer: where the next bytes go and how many fit there in one piece.</summary>
    public int FreeSegment(out int offset)
    {
        offset = (int)(written & mask);
        return Math.Min(Free, buffer.Length - offset);
    }

    /// <summary>Writer: <paramref name="count"/> bytes of the free segment are filled.</summary>
    public void Commit(int count) => Volatile.Write(ref written, written + count);

    /// <summary>Reader: where the oldest bytes are and how many lie there in one piece.</summary>
    public int DataSegment(out int offset)
    {
        offset = (int)(taken & mask);
        return Math.Min(Count, buffer.Length - offset);
    }

    /// <summary>Reader: <paramref name="count"/> bytes of the data segment are done with.</summary>
    public void Consume(int count) => Volatile.Write(ref taken, taken + count);

    /// <summary>Writer: puts in what fits and returns how much that was.</summary>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        int total = 0;
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(FreeSegment(out int offset), bytes.Length);
            if (count == 0)
            {
                break;
            }

            bytes[..count].CopyTo(buffer.AsSpan(offset));
            Commit(count);
            bytes = bytes[count..];
            total += count;
        }

        return total;
    }

    /// <summary>Reader: takes what is there, at most the span's length, and returns how much that was.</summary>
    public int Read(Span<byte> bytes)
    {
        int total = 0;
        while (!bytes.IsEmpty)
        {
            int count = Math.Min(DataSegment(out int offset), bytes.Length);
            if (count == 0)
            {
                break;
            }

            buffer.AsSpan(offset, count).CopyTo(bytes);
            Consume(count);
            bytes = bytes[count..];
            total += count;
        }

        return total;
    }
}
