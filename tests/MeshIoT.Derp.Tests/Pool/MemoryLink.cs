using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Derp.Tests;

/// <summary>A TCP connection in memory: each side writes into the other's buffer of 64 KiB and waits when that is full; closing ends both.</summary>
sealed class MemoryLink : Stream
{
    const int Capacity = 64 * 1024;

    readonly Half input, output;

    MemoryLink(Half input, Half output) => (this.input, this.output) = (input, output);

    public static (MemoryLink A, MemoryLink B) Create()
    {
        Half there = new(), back = new();
        return (new(back, there), new(there, back));
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (input)
            {
                if (input.Bytes.Count > 0 || input.IsClosed)
                {
                    int count = Math.Min(buffer.Length, input.Bytes.Count);
                    for (int i = 0; i < count; i++)
                    {
                        buffer.Span[i] = input.Bytes.Dequeue();
                    }

                    input.NoteChange();
                    return count;
                }

                changed = input.Changed;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            Task changed;
            lock (output)
            {
                if (output.IsClosed)
                {
                    throw new IOException("closed");
                }

                int count = Math.Min(Capacity - output.Bytes.Count, buffer.Length);
                foreach (byte b in buffer.Span[..count])
                {
                    output.Bytes.Enqueue(b);
                }

                buffer = buffer[count..];
                output.NoteChange(count > 0);
                changed = output.Changed;
            }

            if (buffer.Length > 0)
            {
                await changed.WaitAsync(cancellationToken);
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        foreach (Half half in new[] { input, output })
        {
            lock (half)
            {
                half.IsClosed = true;
                half.NoteChange();
            }
        }

        base.Dispose(disposing);
    }

    sealed class Half
    {
        TaskCompletionSource changed = New();

        public Queue<byte> Bytes { get; } = new();

        public bool IsClosed { get; set; }

        public Task Changed => changed.Task;

        public void NoteChange(bool really = true)
        {
            if (really)
            {
                changed.SetResult();
                changed = New();
            }
        }

        static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
