using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <content>
/// Reading: a read of no bytes waits until there is something, so that a quiet connection holds no buffer. Then as much as is there goes
/// into one batch; it is handed on when the next read would wait, or the buffer is full.
/// </content>
internal sealed partial class RelayConnection
{
    const int LeastRoom = 2048;

    readonly FrameReader frames = new(DerpRole.Client);
    DerpBatch? batch;
    byte[] kept = [];
    int filled, parsed, keptLength;

    [SuppressMessage("Design", "CA1031", Justification = "whatever ends the stream ends the connection")]
    async Task ReadAsync()
    {
        try
        {
            await RentAsync().ConfigureAwait(false);
            dialed.Early.CopyTo(batch!.Buffer);
            filled = dialed.Early.Length;
            Parse();
            while (!ended)
            {
                ValueTask<int> ready = dialed.Stream.ReadAsync(Memory<byte>.Empty);
                bool isReady = ready.IsCompleted;
                if (!isReady || !HasRoom())
                {
                    HandOn(isReady);
                }

                await ready.ConfigureAwait(false);
                if (batch is null)
                {
                    await RentAsync().ConfigureAwait(false);
                }

                int count = await dialed.Stream.ReadAsync(batch!.Buffer.AsMemory(filled)).ConfigureAwait(false);
                if (count == 0)
                {
                    End(Lost(null));
                    break;
                }

                filled += count;
                link.Received.Add(count, 0);
                NoteRead();
                Parse();
            }
        }
        catch (Exception e)
        {
            End(Lost(e));
        }

        // What came before the end is as good as ever.
        if (batch is not null)
        {
            HandOn(stays: false);
        }

        Keep(0);
        batch?.Return();
        batch = null;
    }

    bool HasRoom() => batch!.Buffer.Length - filled >= Math.Max(LeastRoom, frames.Needed - (filled - parsed));

    // Gives the packets away; the start of a frame that is not whole yet moves to the next buffer, or to the front of this one.
    void HandOn(bool stays)
    {
        DerpBatch full = batch!;
        int tail = filled - parsed;
        if (full.Count == 0)
        {
            full.Buffer.AsSpan(parsed, tail).CopyTo(full.Buffer);
            (filled, parsed) = (tail, 0);
            if (tail == 0 && !stays)
            {
                batch = null;
                full.Return();
            }

            return;
        }

        Keep(tail);
        full.Buffer.AsSpan(parsed, tail).CopyTo(kept);
        (batch, filled, parsed) = (null, 0, 0);
        link.Received.Add(0, full.Count);
        options.Receiver.Receive(full);
    }

    async ValueTask RentAsync()
    {
        while (!quota.TryTake())
        {
            if (ended)
            {
                throw new IOException();
            }

            isHeldUp = true;
            await quota.WaitAsync().ConfigureAwait(false);
        }

        if (isHeldUp)
        {
            NoteRead(); // it was we who did not listen
            isHeldUp = false;
        }

        batch = link.Batches.Rent(link.Id, quota);
        kept.AsSpan(0, keptLength).CopyTo(batch.Buffer);
        (filled, parsed) = (keptLength, 0);
        Keep(0);
    }

    // Room for the start of a frame between two buffers.
    void Keep(int length)
    {
        if (kept.Length < length || (length == 0 && kept.Length > 0))
        {
            if (kept.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(kept);
            }

            kept = length == 0 ? [] : ArrayPool<byte>.Shared.Rent(length);
        }

        keptLength = length;
    }

    void Parse()
    {
        byte[] buffer = batch!.Buffer;
        while (!ended)
        {
            switch (frames.Read(buffer.AsSpan(0, filled), ref parsed, out FrameSlice frame))
            {
                case FrameStep.NeedMore:
                    return;
                case FrameStep.Violation:
                    End(Faults.RelayProtocol.With(link.Describe(Node), "it sends frames that are too long"));
                    return;
                default:
                    break;
            }

            if (frame.Type != FrameType.RecvPacket)
            {
                Handle(frame.Type, buffer.AsSpan(frame.Offset, frame.Length));
            }
            else if (IsUp && frame.Length > DerpFrames.KeySize)
            {
                batch.Add(new(frame.Offset + DerpFrames.KeySize, frame.Length - DerpFrames.KeySize));
            }
        }
    }
}
