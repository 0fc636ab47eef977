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
    const int SmallWrite = 4096, LargeWrite = 66 * 1024;

    long wroteMs, writingSinceMs;
    volatile bool isOpen, isWriting;

    [SuppressMessage("Design", "CA1031", Justification = "whatever ends the stream ends the connection")]
    async Task WriteAsync()
    {
        try
        {
            while (!ended)
            {
                await outgoing.WaitAsync().ConfigureAwait(false);
                if (isOpen && !ended)
                {
                    await DrainAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            End(Lost(e));
        }
    }

    async Task DrainAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SmallWrite);
        try
        {
            while (!ended)
            {
                int length = link.Queue.Take(buffer, (int)clock.Now, out int packets, out int left);
                if (length > 0)
                {
                    await WriteAsync(buffer.AsMemory(0, length), packets).ConfigureAwait(false);
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

    async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, int packets)
    {
        Volatile.Write(ref writingSinceMs, clock.Now);
        isWriting = true;
        await dialed.Stream.WriteAsync(bytes).ConfigureAwait(false);
        isWriting = false;
        link.Sent.Add(bytes.Length, packets);
        NoteWritten(packets);
        if (rate is { } limit && limit.Spend(bytes.Length, clock.Now) is > 0 and var pauseMs)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(pauseMs), options.Time).ConfigureAwait(false);
        }
    }
}
