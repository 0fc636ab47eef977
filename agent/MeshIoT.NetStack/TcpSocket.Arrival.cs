namespace MeshIoT.NetStack;

/// <summary>A segment arrives: the order of checks of RFC 9293 section 3.10.7.4, hardened by RFC 5961.</summary>
public sealed partial class TcpSocket
{
    uint irs, rcvNxt;
    long lastHeardMs;
    long lastChallengeMs = -TcpConstants.ChallengeIntervalMs;

    internal void Arrive(TcpSegment s, long nowMs)
    {
        if (state == TcpState.SynSent)
        {
            ArriveInSynSent(s, nowMs);
            return;
        }

        bool acceptable = IsAcceptable(s);
        if (s.Has(TcpConstants.Rst))
        {
            ArriveReset(s, acceptable, nowMs);
        }
        else if (!acceptable)
        {
            ArriveUnacceptable(s, nowMs);
        }
        else if (s.Has(TcpConstants.Syn))
        {
            // RFC 5961 section 4: a peer that really restarted answers the challenge with RST.
            stack.Drop(DropReason.TcpChallenged);
            Challenge(nowMs);
        }
        else if (!s.Has(TcpConstants.Ack))
        {
            stack.Drop(DropReason.TcpBadFlags);
        }
        else
        {
            ArriveAcceptable(s, nowMs);
        }

        if (state != TcpState.Closed)
        {
            MakeReady();
        }
    }

    void ArriveAcceptable(TcpSegment s, long nowMs)
    {
        lastHeardMs = nowMs;
        probesUnanswered = 0;
        if ((state == TcpState.SynReceived && !CompleteHandshake(s, nowMs)) || !ArriveAck(s, nowMs))
        {
            return;
        }

        if (finAcked)
        {
            if (state == TcpState.FinWait1)
            {
                state = TcpState.FinWait2;
                stack.Notify(this);
            }
            else if (state == TcpState.Closing)
            {
                EnterTimeWait(nowMs);
            }
            else if (state == TcpState.LastAck)
            {
                Fail(SocketError.None);
                return;
            }
        }

        if (s.PayloadLength > 0 || s.Has(TcpConstants.Fin))
        {
            ArriveData(s, nowMs);
        }
    }

    /// <summary>
    /// The four cases of section 3.10.7.4, step 1, measured by the room there really is. A segment that only starts at the
    /// right edge passes when it is empty (a peer whose data filled the window) or when the window is shut (its probe):
    /// its acknowledgement counts, its data does not fit.
    /// </summary>
    bool IsAcceptable(TcpSegment s)
    {
        int length = s.SequenceLength;
        uint edge = rcvNxt + (uint)receiveRing.Room;
        if (length == 0)
        {
            return TcpSequence.AtOrBefore(rcvNxt, s.Seq) && TcpSequence.AtOrBefore(s.Seq, edge);
        }

        bool endsAfter = TcpSequence.Before(rcvNxt, s.Seq + (uint)length);
        return endsAfter && (TcpSequence.Before(s.Seq, edge) || s.Seq == rcvNxt);
    }

    /// <summary>RFC 5961 section 3: only the exact next sequence number resets; any other in the window is challenged.</summary>
    void ArriveReset(TcpSegment s, bool acceptable, long nowMs)
    {
        if (state == TcpState.TimeWait)
        {
            // RFC 1337: a late RST must not end TIME-WAIT early.
            stack.Drop(DropReason.TcpChallenged);
        }
        else if (s.Seq == rcvNxt)
        {
            bool orderly = state == TcpState.Closing || state == TcpState.LastAck;
            Fail(orderly ? SocketError.None : state == TcpState.SynReceived ? SocketError.ConnectionRefused : SocketError.ConnectionReset);
        }
        else if (acceptable)
        {
            stack.Drop(DropReason.TcpChallenged);
            Challenge(nowMs);
        }
        else
        {
            stack.Drop(DropReason.TcpOutsideWindow);
        }
    }

    void ArriveUnacceptable(TcpSegment s, long nowMs)
    {
        if (state == TcpState.SynReceived && s.Has(TcpConstants.Syn) && s.Seq == irs)
        {
            // The peer did not get our SYN: send it again, but never faster than it asks.
            sndNxt = iss;
            rtt.Cancel();
            return;
        }

        stack.Drop(DropReason.TcpOutsideWindow);
        if (state == TcpState.TimeWait && s.Has(TcpConstants.Fin))
        {
            ArmClose(nowMs + stack.Limits.TimeWaitMs);
        }

        if (s.PayloadLength > 0 || s.Has(TcpConstants.Fin))
        {
            // Most likely a repetition because our acknowledgement was lost.
            ackNow = true;
        }
        else
        {
            Challenge(nowMs);
        }
    }

    /// <summary>An acknowledgement that tells where we are, at most one per half second: two confused ends must not shout at each other.</summary>
    void Challenge(long nowMs)
    {
        if (nowMs - lastChallengeMs >= TcpConstants.ChallengeIntervalMs)
        {
            lastChallengeMs = nowMs;
            ackNow = true;
        }
        else
        {
            stack.Drop(DropReason.RateLimited);
        }
    }
}
