using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO;
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
    bool isReading;

    [SuppressMessage("Design", "CA1031", Justification = "whatever ends the stream ends the connection")]
    void ReadLoop()
    {
        try
        {
            dialed.Transport.BeforeWait = BeforeWait;
            Rent();
            dialed.Early.Span.CopyTo(batch!.Buffer);
            filled = dialed.Early.Length;
            Parse();
            while (!ended)
            {
                _ = dialed.Stream.Read([]);
                if (batch is null)
                {
                    Rent();
                }

                isReading = true;
                int count = dialed.Stream.Read(batch!.Buffer, filled, batch.Buffer.Length - filled);
                isReading = false;
                if (count == 0)
                {
                    End(Lost(null));
                    break;
                }

                filled += count;
                link.Received.Add(count, 0);
                NoteRead();
                Parse();
                if (!HasRoom())
                {
                    HandOn();
                }
            }
        }
        catch (Exception e)
        {
            End(Lost(e));
        }

        dialed.Transport.BeforeWait = null;
        LastHandOn();
    }

    // What came before the end is as good as ever.
    void LastHandOn()
    {
        if (batch is not null)
        {
            HandOn();
        }

        batch?.Return();
        batch = null;
        Keep(0);
    }

    // Called in the read of no bytes, when it has to wait. In the other one the buffer is being written to.
    void BeforeWait()
    {
        if (isReading || batch is not { } current)
        {
            return;
        }

        if (current.Count > 0)
        {
            HandOn();
        }
        else if (filled == parsed)
        {
            batch = null;
            current.Return();
        }
    }

    bool HasRoom() => batch!.Buffer.Length - filled >= Math.Max(LeastRoom, frames.Needed - (filled - parsed));

    // Gives the packets away; the start of a frame that is not whole yet moves to the next buffer, or to the front of this one.
    void HandOn()
    {
        DerpBatch full = batch!;
        ReadOnlySpan<byte> tail = full.Buffer.AsSpan(parsed, filled - parsed);
        if (full.Count == 0)
        {
            tail.CopyTo(full.Buffer);
            (filled, parsed) = (tail.Length, 0);
            return;
        }

        Keep(tail.Length);
        tail.CopyTo(kept);
        batch = null;
        link.Received.Add(0, full.Count);
        options.Receiver.Receive(full);
    }

    void Rent()
    {
        while (!quota.TryTake())
        {
            if (ended)
            {
                throw new IOException();
            }

            isHeldUp = true;
            quota.Wait();
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
