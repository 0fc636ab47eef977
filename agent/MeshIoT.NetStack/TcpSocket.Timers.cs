using System;

namespace MeshIoT.NetStack;

/// <summary>The timers: retransmission (RFC 6298), persist and keep-alive (RFC 9293 section 3.8), delayed acknowledgement, TIME-WAIT.</summary>
public sealed partial class TcpSocket
{
    const long Never = long.MaxValue;
    long retransmitAtMs = Never, persistAtMs = Never, delayedAckAtMs = Never, keepAliveAtMs = Never, closeAtMs = Never;
    int retransmits;
    int persistBackoff, probesUnanswered, keepAliveProbes;
    bool keepAlive;
    int keepAliveIdleMs = TcpConstants.KeepAliveIdleMs;

    /// <summary>Asks a silent peer whether it is still there; nine unanswered probes, 75 seconds apart (or the idle time, if shorter), end the connection. Off by default.</summary>
    public bool KeepAlive
    {
        get
        {
            return keepAlive;
        }

        set
        {
            keepAlive = value;
            ArmKeepAlive(stack.NowMs);
        }
    }

    /// <summary>Silence before the first probe: two hours by default, RFC 9293 section 3.8.4; at least a second.</summary>
    public int KeepAliveIdleMs
    {
        get
        {
            return keepAliveIdleMs;
        }

        set
        {
            keepAliveIdleMs = Math.Max(value, 1000);
            ArmKeepAlive(stack.NowMs);
        }
    }

    internal long NextTimerMs
    {
        get { return Earlier(Earlier(Earlier(retransmitAtMs, persistAtMs), Earlier(delayedAckAtMs, keepAliveAtMs)), closeAtMs); }
    }

    static long Earlier(long a, long b)
    {
        return a < b ? a : b;
    }

    internal void RunTimers(long nowMs)
    {
        if (closeAtMs <= nowMs)
        {
            closeAtMs = Never;
            if (state == TcpState.TimeWait)
            {
                Fail(SocketError.None);
            }
            else
            {
                Reset(SocketError.TimedOut);
            }

            return;
        }

        if (delayedAckAtMs <= nowMs)
        {
            delayedAckAtMs = Never;
            ackNow = true;
        }

        if (persistAtMs <= nowMs)
        {
            OnPersist(nowMs);
        }

        if (keepAliveAtMs <= nowMs)
        {
            OnKeepAlive(nowMs);
        }

        if (retransmitAtMs <= nowMs)
        {
            OnRetransmit();
        }

        MakeReady();
    }

    void OnRetransmit()
    {
        retransmitAtMs = Never;
        if (sndNxt == sndUna)
        {
            return;
        }

        bool handshake = state == TcpState.SynSent || state == TcpState.SynReceived;
        if (retransmits >= (handshake ? stack.Limits.SynRetries : TcpConstants.MaxRetransmits))
        {
            GiveUp();
            return;
        }

        retransmits++;
        rtt.Cancel();
        rtt.BackOff();
        if (handshake)
        {
            synLost = true;
            stack.TcpRetransmissions++;
        }
        else
        {
            congestion.TimedOut((int)(sndMax - sndUna), sndMax, retransmits > 1);
        }

        // What SACK said is forgotten, the peer may have had to (RFC 2018 section 8).
        scoreboard.Clear(sndUna);

        // Everything from the first unacknowledged byte on counts as unsent again; acknowledgements skip what did arrive.
        resendFirst = false;
        sndNxt = sndUna;
    }

    void OnPersist(long nowMs)
    {
        persistAtMs = Never;
        if (probesUnanswered >= TcpConstants.MaxRetransmits)
        {
            GiveUp();
            return;
        }

        probesUnanswered++;
        persistBackoff = Math.Min(persistBackoff + 1, 10);
        persistDue = true;
        ArmPersist(nowMs);
    }

    void OnKeepAlive(long nowMs)
    {
        keepAliveAtMs = Never;
        if (!keepAlive || state == TcpState.TimeWait)
        {
            return;
        }

        if (nowMs - lastHeardMs < keepAliveIdleMs || sndNxt != sndUna)
        {
            keepAliveProbes = 0;
            ArmKeepAlive(nowMs);
            return;
        }

        if (keepAliveProbes >= TcpConstants.KeepAliveProbes)
        {
            GiveUp();
            return;
        }

        keepAliveProbes++;
        keepAliveDue = true;
        keepAliveAtMs = nowMs + Math.Min(TcpConstants.KeepAliveIntervalMs, keepAliveIdleMs);
        stack.WakeAt(keepAliveAtMs);
    }

    void GiveUp()
    {
        Reset(unreachableSeen ? SocketError.Unreachable : SocketError.TimedOut);
    }

    void ArmRetransmit(long nowMs)
    {
        retransmitAtMs = nowMs + rtt.RtoMs;
        stack.WakeAt(retransmitAtMs);
    }

    void StopRetransmitTimer()
    {
        retransmitAtMs = Never;
    }

    void ArmPersist(long nowMs)
    {
        if (persistAtMs == Never)
        {
            persistAtMs = nowMs + Earlier((long)rtt.RtoMs << persistBackoff, TcpConstants.MaxRtoMs);
            stack.WakeAt(persistAtMs);
        }
    }

    void StopPersist()
    {
        persistAtMs = Never;
        persistBackoff = 0;
    }

    void ArmDelayedAck(long nowMs)
    {
        if (delayedAckAtMs == Never)
        {
            delayedAckAtMs = nowMs + TcpConstants.DelayedAckMs;
            stack.WakeAt(delayedAckAtMs);
        }
    }

    void StopDelayedAck()
    {
        delayedAckAtMs = Never;
    }

    void ArmKeepAlive(long nowMs)
    {
        if (keepAlive && state != TcpState.Closed && state != TcpState.SynSent && state != TcpState.SynReceived && state != TcpState.TimeWait)
        {
            long idleUntil = lastHeardMs + keepAliveIdleMs;
            keepAliveAtMs = idleUntil < nowMs + 1000 ? nowMs + 1000 : idleUntil;
            stack.WakeAt(keepAliveAtMs);
        }
    }

    void ArmClose(long atMs)
    {
        closeAtMs = atMs;
        stack.WakeAt(atMs);
    }

    void StopTimers()
    {
        retransmitAtMs = persistAtMs = delayedAckAtMs = keepAliveAtMs = closeAtMs = Never;
    }
}
