using System;
using System.Security.Cryptography;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Disco;

namespace MeshIoT.Relay;

/// <summary>The relaying part: frames in, packets on to their receivers. data-plane.md section 4.3.</summary>
internal sealed partial class Session
{
    const int GoneBurst = 3, GoneIntervalMs = 1000;

    ClientSet set = null!;
    FrameReader reader = null!;
    ByteBucket? bucket;
    ClientSet? lastReceiver;
    NodePublicKey lastReceiverKey, lastSource;
    bool isMesh, isHome;
    int goneTokens = GoneBurst;
    long goneRefilledMs, keepAliveMs, resumeMs, writeDeadlineMs, writtenAtDeadline;

    void Enter(byte[] info)
    {
        reader = new FrameReader(DerpRole.Server);
        bucket = context.Limits.ClientBytesPerSecond > 0 && !isMesh ? new ByteBucket(context.Limits.ClientBytesPerSecond) : null;
        State = SessionState.Relaying;
        goneRefilledMs = loop.NowMs;
        lock (gate)
        {
            outbox.Put(Lane.Control, info, default, loop.NowMs);
        }

        set = context.Registry.Register(this);
        WriteOut(loop);
        ScheduleKeepAlive();
    }

    int ReadFrames(byte[] bytes, int start, int length)
    {
        int at = start;
        ReadOnlySpan<byte> all = bytes.AsSpan(0, length);
        RelayCounters counters = loop.Counters;
        long skipped = reader.Skipped;
        while (State == SessionState.Relaying)
        {
            FrameStep step = reader.Read(all, ref at, out FrameSlice frame);
            if (step == FrameStep.Violation)
            {
                Fail();
                break;
            }

            if (step == FrameStep.NeedMore)
            {
                break;
            }

            counters.FramesIn++;
            Handle(frame.Type, all.Slice(frame.Offset, frame.Length), counters);
        }

        counters.UnknownFrames += reader.Skipped - skipped;
        if (at > start && State == SessionState.Relaying)
        {
            set.Activate(this);
            PayFor(at - start);
        }

        return at - start;
    }

    void Handle(FrameType type, ReadOnlySpan<byte> body, RelayCounters counters)
    {
        switch (type)
        {
            case FrameType.SendPacket:
                counters.PacketsIn++;
                counters.BytesIn += body.Length - DerpFrames.KeySize;
                Pass(PacketFrame.KeyOf(body), body[DerpFrames.KeySize..], counters);
                break;
            case FrameType.Ping:
                counters.Pings++;
                Span<byte> pong = stackalloc byte[DerpFrames.HeaderSize + PingFrame.Size];
                DerpFrames.WriteHeader(pong, FrameType.Pong, PingFrame.Size);
                body[..PingFrame.Size].CopyTo(pong[DerpFrames.HeaderSize..]);
                Put(loop, Lane.Control, pong, default);
                break;
            case FrameType.NotePreferred:
                NoteHome(body[0] != 0);
                break;
            case FrameType.ForwardPacket or FrameType.WatchConns or FrameType.ClosePeer when !isMesh:
                Fail();
                break;
            case FrameType.ForwardPacket:
                counters.PacketsForwardedIn++;
                PassForwarded(body, counters);
                break;
            case FrameType.WatchConns:
                context.Registry.Watch(this);
                break;
            case FrameType.ClosePeer:
                context.Registry.Close(PacketFrame.KeyOf(body));
                break;
            default:
                // A second client info, or a pong that nobody asked for.
                break;
        }
    }

    void Pass(NodePublicKey receiver, ReadOnlySpan<byte> packet, RelayCounters counters)
    {
        if (FindReceiver(receiver) is { } to)
        {
            to.Deliver(loop, Key, packet);
        }
        else if (context.Registry.FindElsewhere(receiver) is { } link)
        {
            counters.PacketsForwardedOut += link.Forward(Key, receiver, packet) ? 1 : 0;
            set.NoteReached(receiver, context.Registry);
        }
        else
        {
            counters.DropsUnknown++;
            if (IsDisco(packet))
            {
                TellNotHere(receiver);
            }
        }
    }

    void PassForwarded(ReadOnlySpan<byte> body, RelayCounters counters)
    {
        NodePublicKey source = PacketFrame.KeyOf(body), receiver = PacketFrame.KeyOf(body[DerpFrames.KeySize..]);
        ReadOnlySpan<byte> packet = body[(2 * DerpFrames.KeySize)..];
        if (context.Registry.Find(receiver)?.Active is { } to)
        {
            if (source != lastSource || receiver != lastReceiverKey)
            {
                (lastSource, lastReceiverKey) = (source, receiver);
                context.Reached.Note(source, receiver);
            }

            to.Deliver(loop, source, packet);
        }
        else
        {
            // Never forwarded twice: two relays with old news of each other would play ball with it.
            counters.DropsUnknown++;
            if (IsDisco(packet))
            {
                TellNotHere(receiver);
            }
        }
    }

    Session? FindReceiver(NodePublicKey receiver)
    {
        if (lastReceiver?.Active is { } same && receiver == lastReceiverKey)
        {
            return same;
        }

        lastReceiver = context.Registry.Find(receiver);
        lastReceiverKey = receiver;
        if (lastReceiver?.Active is not { } found)
        {
            lastReceiver = null;
            return null;
        }

        set.NoteReached(receiver, context.Registry);
        return found;
    }

    static bool IsDisco(ReadOnlySpan<byte> packet) => DiscoDatagram.IsDisco(packet);

    void TellNotHere(NodePublicKey receiver)
    {
        long gained = (loop.NowMs - goneRefilledMs) / GoneIntervalMs;
        if (gained > 0)
        {
            goneTokens = (int)Math.Min(GoneBurst, goneTokens + gained);
            goneRefilledMs += gained * GoneIntervalMs;
        }

        if (goneTokens > 0)
        {
            goneTokens--;
            TellGone(receiver, PeerGoneReason.NotHere);
        }
    }

    void NoteHome(bool preferred)
    {
        if (preferred != isHome)
        {
            isHome = preferred;
            context.Registry.NoteHome(preferred ? 1 : -1);
        }
    }

    // What was read is paid for: with nothing, or with a pause.
    void PayFor(int bytes)
    {
        if (isMesh)
        {
            return;
        }

        long pause = Math.Max(bucket?.Take(bytes, loop.NowMs) ?? 0, context.Total?.Take(bytes, loop.NowMs) ?? 0);
        if (pause > 0)
        {
            loop.Counters.RateDelays++;
            resumeMs = loop.NowMs + pause;
            Pause(true);
            loop.CallAt(slot, Math.Min(slot.DueMs, resumeMs));
        }
    }

    void Pause(bool on)
    {
        lock (gate)
        {
            paused = on;
            WatchAsNeeded();
        }
    }

    void ScheduleKeepAlive()
    {
        long jitter = (long)context.Limits.KeepAliveJitter.TotalMilliseconds;
        keepAliveMs = loop.NowMs + (long)context.Limits.KeepAlive.TotalMilliseconds + (jitter > 0 ? RandomNumberGenerator.GetInt32((int)jitter) : 0);
        loop.CallAt(slot, NextTime());
    }

    long NextTime() => Math.Min(keepAliveMs, Math.Min(paused ? resumeMs : long.MaxValue, writeDeadlineMs > 0 ? writeDeadlineMs : long.MaxValue));

    long KeepTime(long nowMs)
    {
        if (writeDeadlineMs > 0 && nowMs >= writeDeadlineMs && IsStuck())
        {
            loop.Counters.WriteTimeouts++;
            Close();
            return long.MaxValue;
        }

        if (paused && nowMs >= resumeMs)
        {
            Pause(false);
            loop.ReadAgain(slot);
        }

        if (nowMs >= keepAliveMs)
        {
            ScheduleKeepAlive();
            Span<byte> frame = stackalloc byte[DerpFrames.HeaderSize];
            SmallFrames.WriteEmpty(frame, FrameType.KeepAlive);
            Put(loop, Lane.Control, frame, default);
        }

        return NextTime();
    }

    // True when nothing at all has left since the deadline was set; otherwise there is a new one.
    bool IsStuck()
    {
        lock (gate)
        {
            bool blocked = outbox.IsBlocked, moved = outbox.Written != writtenAtDeadline;
            writtenAtDeadline = outbox.Written;
            writeDeadlineMs = blocked ? loop.NowMs + WriteTimeoutMs : 0;
            return blocked && !moved;
        }
    }

    long WriteTimeoutMs => (long)(isMesh ? context.Limits.MeshWriteTimeout : context.Limits.WriteTimeout).TotalMilliseconds;

    void Leave()
    {
        NoteHome(false);
        context.Registry.Unregister(this, set);
    }
}
