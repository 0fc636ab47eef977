using System;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <summary>What goes to the client. Any thread may bring something; nothing here waits.</summary>
internal sealed partial class Session
{
    bool willWrite, isClosing;

    /// <summary>A packet for this client, from <paramref name="source"/>; on the thread of <paramref name="on"/>.</summary>
    public void Deliver(EventLoop on, NodePublicKey source, ReadOnlySpan<byte> packet)
    {
        Span<byte> head = stackalloc byte[DerpFrames.PacketHeaderSize];
        PacketFrame.WriteHeader(head, FrameType.RecvPacket, source, packet.Length);
        int dropped = Put(on, IsDisco(packet) ? Lane.Disco : Lane.Other, head, packet);
        on.Counters.PacketsOut++;
        on.Counters.BytesOut += packet.Length;
        if (dropped > 0)
        {
            on.Counters.DropsQueueHead += dropped;
        }
    }

    /// <summary>Tells the client that a peer is gone. From any thread.</summary>
    public void TellGone(NodePublicKey peer, PeerGoneReason reason)
    {
        Span<byte> frame = stackalloc byte[PeerGoneFrame.FrameSize];
        new PeerGoneFrame(peer, reason).Write(frame);
        Interlocked.Increment(ref loop.Counters.PeerGoneSent);
        Put(null, Lane.Control, frame, default);
    }

    /// <summary>Tells another relay of the region that a client is here. From any thread.</summary>
    public void TellPresent(Session other)
    {
        Span<byte> frame = stackalloc byte[PeerPresentFrame.FrameSize];
        new PeerPresentFrame(other.Key, other.Remote, other.Flags).Write(frame);
        Put(null, Lane.Control, frame, default);
    }

    /// <summary>Writes what is there, as far as the client takes it. From any thread; <paramref name="on"/> is that thread's loop.</summary>
    public void WriteOut(EventLoop? on)
    {
        lock (gate)
        {
            willWrite = false;
            if (State == SessionState.Closed)
            {
                return;
            }

            outbox.Write();
            Look(on);
        }
    }

    // Takes a frame; it leaves at once when a record is full, otherwise when the thread's round is over.
    int Put(EventLoop? on, Lane lane, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        lock (gate)
        {
            if (State == SessionState.Closed)
            {
                return 1;
            }

            bool wasBlocked = outbox.IsBlocked;
            int dropped = outbox.Put(lane, head, rest, loop.NowMs);
            if (!willWrite && !outbox.IsBlocked && outbox.HasWork)
            {
                willWrite = true;
                if (on is not null)
                {
                    on.WriteLater(this);
                }
                else
                {
                    loop.Post(() => WriteOut(loop));
                }
            }

            if (outbox.IsBlocked != wasBlocked || outbox.IsEnded)
            {
                Look(on);
            }

            return dropped;
        }
    }

    // Under the lock: after a write, the socket is watched as it now must be, and the time runs.
    void Look(EventLoop? on)
    {
        if (outbox.IsEnded)
        {
            if (!isClosing)
            {
                isClosing = true;
                loop.Post(Close);
            }

            return;
        }

        WatchAsNeeded();
        if (outbox.IsBlocked && writeDeadlineMs == 0)
        {
            writeDeadlineMs = -1;
            if (on == loop)
            {
                BeginDeadline();
            }
            else
            {
                loop.Post(BeginDeadline);
            }
        }
    }

    void BeginDeadline()
    {
        lock (gate)
        {
            writeDeadlineMs = outbox.IsBlocked ? loop.NowMs + WriteTimeoutMs : 0;
            writtenAtDeadline = outbox.Written;
            if (writeDeadlineMs > 0)
            {
                loop.CallAt(slot, State == SessionState.Relaying ? NextTime() : Math.Min(slot.DueMs, writeDeadlineMs));
            }
        }
    }

    // Under the lock.
    void WatchAsNeeded() => loop.Watch(slot, (paused ? 0 : Libc.EpollIn) | (outbox.IsBlocked ? Libc.EpollOut : 0));
}
