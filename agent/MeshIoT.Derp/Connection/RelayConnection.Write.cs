using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Derp;

/// <content>
/// Writing: whatever waits goes out in one write, 64 KiB at most, so that under load TLS records are full and system calls few. While
/// a write is under way the next one gathers; at rest the first packet goes at once.
/// </content>
internal sealed partial class RelayConnection
{
    // The largest takes the longest frame with room for the small ones before it.
    const int SmallWrite = 4096, LargeWrite = 66 * 1024, OneRecord = 16 * 1024;

    long wroteMs, writingSinceMs;
    volatile bool isOpen, isWriting;

    [SuppressMessage("Design", "CA1031", Justification = "whatever ends the stream ends the connection")]
    void WriteLoop()
    {
        try
        {
            while (!ended)
            {
                outgoing.Wait();
                if (isOpen && !ended)
                {
                    Drain();
                }
            }
        }
        catch (Exception e)
        {
            End(Lost(e));
        }
    }

    void Drain()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SmallWrite);
        try
        {
            while (!ended)
            {
                int length = link.Queue.Take(buffer, (int)clock.Now, out int packets, out int left);
                if (length > 0)
                {
                    Write(buffer.AsSpan(0, length), packets);
                }
                else if (left == 0)
                {
                    return;
                }

                if (left > 0 && buffer.Length < LargeWrite)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(LargeWrite);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void Write(ReadOnlySpan<byte> bytes, int packets)
    {
        Volatile.Write(ref writingSinceMs, clock.Now);
        isWriting = true;
        if (bytes.Length > OneRecord)
        {
            dialed.Transport.Gather();
            dialed.Stream.Write(bytes);
            dialed.Transport.Release();
        }
        else
        {
            dialed.Stream.Write(bytes);
        }

        isWriting = false;
        link.Sent.Add(bytes.Length, packets);
        NoteWritten(packets);
        if (rate is { } limit && limit.Spend(bytes.Length, clock.Now) is > 0 and var pauseMs)
        {
            Task.Delay(TimeSpan.FromMilliseconds(pauseMs), options.Time).GetAwaiter().GetResult();
        }
    }
}
