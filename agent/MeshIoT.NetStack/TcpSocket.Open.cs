using System;

namespace MeshIoT.NetStack;

/// <summary>The three-way handshake, both sides and both at once: RFC 9293 sections 3.5 and 3.10.7.3.</summary>
public sealed partial class TcpSocket
{
    readonly int advertisedMss;
    int mss;
    int receiveShift, sendShift;
    bool sackPermitted;
    bool synLost;
    bool unreachableSeen;

    internal void OpenActive(uint initialSeq)
    {
        OpenAt(initialSeq);
        state = TcpState.SynSent;
        MakeReady();
    }

    internal void OpenPassive(TcpListener owner, TcpSegment syn, uint initialSeq)
    {
        listener = owner;
        OpenAt(initialSeq);
        TakeSyn(syn);
        state = TcpState.SynReceived;
        MakeReady();
    }

    /// <summary>Nothing could be done: a socket that was never open.</summary>
    internal void OpenFailed(SocketError error)
    {
        Error = error;
        sendRing.Free();
        receiveRing.Free();
    }

    void OpenAt(uint initialSeq)
    {
        iss = sndUna = sndNxt = sndMax = initialSeq;
        scoreboard.Clear(initialSeq);
        CreatedMs = stack.NowMs;
    }

    /// <summary>What the peer's SYN says: its sequence number and its options. An option it does not offer is not used either way.</summary>
    void TakeSyn(TcpSegment syn)
    {
        irs = syn.Seq;
        rcvNxt = lastAckSent = rcvEdge = syn.Seq + 1;
        int offered = syn.Mss == 0 ? mss : syn.Mss;
        mss = Math.Max(TcpConstants.MinSendMss, Math.Min(offered, advertisedMss));
        sackPermitted = syn.SackPermitted;
        scaling = syn.WindowShift >= 0;
        sendShift = scaling ? syn.WindowShift : 0;
        receiveShift = scaling ? receiveShift : 0;
        sndWnd = maxSndWnd = syn.Window;
        sndWl1 = syn.Seq;
        sndWl2 = syn.Ack;
    }

    void ArriveInSynSent(TcpSegment s, long nowMs)
    {
        bool hasAck = s.Has(TcpConstants.Ack);
        bool goodAck = hasAck && TcpSequence.Before(iss, s.Ack) && TcpSequence.AtOrBefore(s.Ack, sndMax);
        if (hasAck && !goodAck)
        {
            stack.Drop(DropReason.TcpBadAck);
            if (!s.Has(TcpConstants.Rst))
            {
                stack.ReplyReset(s);
            }

            return;
        }

        if (s.Has(TcpConstants.Rst))
        {
            if (goodAck)
            {
                Fail(SocketError.ConnectionRefused);
            }
            else
            {
                stack.Drop(DropReason.TcpChallenged);
            }

            return;
        }

        if (!s.Has(TcpConstants.Syn) || s.Has(TcpConstants.Fin))
        {
            stack.Drop(DropReason.TcpBadFlags);
            return;
        }

        TakeSyn(s);
        lastHeardMs = nowMs;
        if (goodAck)
        {
            Establish(s, nowMs);
            ackNow = true;
        }
        else
        {
            // Simultaneous open: answer with SYN and ACK.
            state = TcpState.SynReceived;
            sndNxt = iss;
            StopRetransmitTimer();
            stack.Notify(this);
        }

        MakeReady();
    }

    /// <summary>An acceptable segment in SYN-RECEIVED; true if it completes the handshake.</summary>
    bool CompleteHandshake(TcpSegment s, long nowMs)
    {
        if (!TcpSequence.Before(iss, s.Ack) || !TcpSequence.AtOrBefore(s.Ack, sndMax))
        {
            stack.Drop(DropReason.TcpBadAck);
            stack.ReplyReset(s);
            return false;
        }

        TcpListener? owner = listener;
        if (owner != null && !owner.TryQueue(this))
        {
            // The peer counts itself connected; it will repeat its data, and we our SYN, until there is room or time is up.
            stack.Drop(DropReason.TcpBacklogFull);
            return false;
        }

        listener = null;
        sndWnd = s.Window << sendShift;
        Establish(s, nowMs);
        return true;
    }

    void Establish(TcpSegment s, long nowMs)
    {
        sndUna = iss + 1;
        sndNxt = TcpSequence.Before(sndNxt, sndUna) ? sndUna : sndNxt;
        maxSndWnd = Math.Max(maxSndWnd, sndWnd);
        sndWl1 = s.Seq;
        sndWl2 = s.Ack;
        rtt.Acknowledged(s.Ack, nowMs);
        if (synLost)
        {
            rtt.StartAfterSynLoss();
        }

        congestion.Start(mss, iss, synLost, sackPermitted);
        retransmits = 0;
        StopRetransmitTimer();
        state = finQueued ? TcpState.FinWait1 : TcpState.Established;
        ArmKeepAlive(nowMs);
        stack.Notify(this);
    }

    /// <summary>A router or the host says it cannot take the packet. RFC 5461: fatal to an attempt to connect, a hint later.</summary>
    internal void ArriveIcmpError(bool hard, int pathMtu)
    {
        if (pathMtu > 0)
        {
            // RFC 1191 section 3 and RFC 8201 section 4: never below what every link must carry.
            int least = remote.Length == 4 ? 576 : NetStack.MinMtu;
            int headers = IpWriter.HeaderSize(remote.Length) + TcpConstants.HeaderSize;
            int fits = Math.Max(pathMtu, least) - headers;
            if (fits < mss)
            {
                mss = fits;
                congestion.SetSegmentSize(mss);
                resendFirst = true;
                MakeReady();
            }

            return;
        }

        unreachableSeen = true;
        if (hard && state == TcpState.SynSent)
        {
            Fail(SocketError.ConnectionRefused);
        }
    }
}
