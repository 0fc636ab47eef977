using System;
using System.Threading;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <content>
/// Watching: one timer that looks every two seconds while the connection is in use and otherwise when something can be due. It ends connections that never
/// came up, are silent, do not take what is written, or that nobody uses.
/// </content>
internal sealed partial class RelayConnection
{
    readonly long startedMs;
    long readMs, unansweredSinceMs = -1, pingAt, answerDueMs;
    bool isPingOut;
    ulong pingPayload;
    volatile bool isHeldUp;
    ITimer? timer;
    long dueMs;

    /// <summary>From the last ping to its pong; null before the first.</summary>
    public TimeSpan? Latency { get; private set; }

    /// <summary>The network has changed: a connection whose address is gone ends at once, another must answer soon.</summary>
    public void Doubt()
    {
        if (ended || !IsUp)
        {
            return;
        }

        if (dialed.Transport is SocketTransport { LocalAddress: { } local } && RelaySocket.IsAddressGone(local))
        {
            End(Faults.RelayConnectionLost.With(link.Describe(Node)));
            return;
        }

        lock (gate)
        {
            answerDueMs = clock.Now + RelayTimes.AnswerAfterChange;
            SendPing();
            Rearm(RelayTimes.AnswerAfterChange);
        }
    }

    // A ping is out, or another goes: the newest answer counts.
    void SendPing()
    {
        lock (gate)
        {
            byte[] payload = new byte[PingFrame.Size];
            options.Random.Fill(payload, 0, payload.Length);
            pingPayload = BitConverter.ToUInt64(payload);
            (pingAt, isPingOut) = (options.Time.GetTimestamp(), true);
        }

        Span<byte> frame = stackalloc byte[PingFrame.FrameSize];
        new PingFrame(pingPayload).Write(frame, FrameType.Ping);
        Post(frame);
    }

    void ReceivePong(ulong payload)
    {
        lock (gate)
        {
            if (!isPingOut || payload != pingPayload)
            {
                return;
            }

            Latency = options.Time.GetElapsedTime(pingAt);
            isPingOut = false;
        }
    }

    void NoteRead()
    {
        Volatile.Write(ref readMs, clock.Now);
        Volatile.Write(ref unansweredSinceMs, -1);
        Volatile.Write(ref answerDueMs, 0);
    }

    void NoteWritten(int packets)
    {
        long now = clock.Now;
        Volatile.Write(ref wroteMs, now);
        if (packets > 0 && Volatile.Read(ref unansweredSinceMs) < 0)
        {
            Volatile.Write(ref unansweredSinceMs, now);
            lock (gate)
            {
                if (dueMs > now + RelayTimes.BusyLook)
                {
                    Rearm(RelayTimes.BusyLook);
                }
            }
        }
    }

    void Look()
    {
        long now = clock.Now;
        string relay = link.Describe(Node);
        long unanswered = Volatile.Read(ref unansweredSinceMs), answerDue = Volatile.Read(ref answerDueMs);
        bool isDoubted = IsUp && !isHeldUp && unanswered >= 0 && now - unanswered >= RelayTimes.Doubt;
        if (!IsUp && now - startedMs >= RelayTimes.Connect)
        {
            End(Faults.RelaySilent.With(relay, RelayTimes.Connect / 1000));
        }
        else if (isWriting && now - Volatile.Read(ref writingSinceMs) >= RelayTimes.Stall)
        {
            End(Faults.RelayStalled.With(relay, RelayTimes.Stall / 1000));
        }
        else if (!isHeldUp && now - Volatile.Read(ref readMs) >= RelayTimes.Silence)
        {
            End(Faults.RelaySilent.With(relay, RelayTimes.Silence / 1000));
        }
        else if (!isHeldUp && answerDue > 0 && now >= answerDue)
        {
            End(Faults.RelaySilent.With(relay, (now - Volatile.Read(ref readMs)) / 1000));
        }
        else if (!link.IsWanted(now))
        {
            End(null);
        }
        else if (isDoubted && answerDue == 0)
        {
            Volatile.Write(ref answerDueMs, now + RelayTimes.Answer);
            SendPing();
        }

        if (!ended)
        {
            bool isBusy = !IsUp || isWriting || isHeldUp || unanswered >= 0 || Volatile.Read(ref answerDueMs) > 0;
            long rest = Math.Min(Volatile.Read(ref readMs) + RelayTimes.Silence, link.WantedUntilMs) - now;
            lock (gate)
            {
                Rearm(isBusy ? RelayTimes.BusyLook : (int)Math.Max(rest, RelayTimes.BusyLook));
            }
        }
    }

    void Rearm(int inMs)
    {
        dueMs = clock.Now + inMs;
        timer?.Change(TimeSpan.FromMilliseconds(inMs), Timeout.InfiniteTimeSpan);
    }
}
