using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <content>Writing: a bounded queue, and a thread that writes what has gathered, 64 KiB at a time.</content>
internal sealed partial class MeshLink
{
    const int MaxFrames = 1024, MaxBytes = 1024 * 1024, WriteBuffer = DerpFrames.LargestHandled;

    readonly PacketQueue queue = new(MaxFrames, MaxBytes, new QueueBudget(MaxBytes));
    Thread? writer;
    bool isWriting;

    /// <inheritdoc/>
    public bool Forward(NodePublicKey source, NodePublicKey destination, ReadOnlySpan<byte> packet)
    {
        Span<byte> head = stackalloc byte[DerpFrames.HeaderSize + (2 * DerpFrames.KeySize)];
        PacketFrame.WriteForwardHeader(head, source, destination, packet.Length);
        return Enqueue(head, packet);
    }

    bool Enqueue(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        lock (queue)
        {
            if (!isWriting)
            {
                return false;
            }

            // It has no bursts, so that age does not matter.
            int dropped = queue.Enqueue(head, rest, nowMs: 0);
            Monitor.Pulse(queue);
            return dropped == 0;
        }
    }

    void StartWriting(Stream stream)
    {
        if (writer is null)
        {
            isWriting = true;
            writer = new Thread(() => Write(stream), 512 * 1024) { Name = "relay mesh writer", IsBackground = true };
            writer.Start();
        }
    }

    void StopWriting()
    {
        lock (queue)
        {
            isWriting = false;
            queue.Clear();
            Monitor.Pulse(queue);
        }

        writer?.Join();
        writer = null;
    }

    [SuppressMessage("Design", "CA1031", Justification = "a connection that cannot be written to ends, and its reader says why")]
    void Write(Stream stream)
    {
        byte[] buffer = new byte[WriteBuffer];
        try
        {
            while (Gather(buffer) is > 0 and var length)
            {
                stream.Write(buffer, 0, length);
            }
        }
        catch (Exception)
        {
            stream.Dispose();
        }
    }

    // As much as fits of what waits; 0 at the end.
    int Gather(byte[] buffer)
    {
        lock (queue)
        {
            while (queue.Count == 0 && isWriting)
            {
                Monitor.Wait(queue);
            }

            int length = 0;
            while (isWriting && queue.Count > 0 && length + queue.NextLength <= buffer.Length)
            {
                length += queue.Take(buffer.AsSpan(length));
            }

            return length;
        }
    }
}
