using System;

namespace MeshIoT.NetStack;

/// <summary>The acknowledgement field and the offered window: RFC 9293 section 3.10.7.4 step 5, RFC 5681, RFC 6582.</summary>
public sealed partial class TcpSocket
{
    readonly TcpCongestion congestion = new TcpCongestion();
    readonly TcpRtt rtt = new TcpRtt();
    readonly TcpScoreboard scoreboard = new TcpScoreboard();
    uint iss, sndUna, sndNxt, sndMax;
    uint sndWl1, sndWl2;
    int sndWnd, maxSndWnd;
    bool finAcked;
    bool resendFirst;
    bool limitedByCongestion;

    /// <summary>False if the segment must not be looked at further.</summary>
    bool ArriveAck(TcpSegment s, long nowMs)
    {
        uint ack = s.Ack;
        if (TcpSequence.Before(sndMax, ack) || TcpSequence.Before(ack, sndUna - (uint)maxSndWnd))
        {
            stack.Drop(DropReason.TcpBadAck);
            Challenge(nowMs);
            return false;
        }

        int window = s.Window << sendShift;
        if (TcpSequence.Before(ack, sndUna))
        {
            return true;
        }

        bool news = sackPermitted && s.SackBlocks > 0 && scoreboard.Take(s, ack, sndMax);
        if (ack != sndUna)
        {
            ArriveNewAck(ack, nowMs);
        }
        else if (sndNxt != sndUna && IsDuplicate(s, window, news))
        {
            bool lost = sackPermitted && scoreboard.LostEdge(sndUna, mss) != sndUna;
            if (congestion.Duplicate(sndUna, sndMax, lost))
            {
                scoreboard.StartRecovery(sndUna);
                resendFirst = true;
            }
        }

        UpdateSendWindow(s, window);
        return true;
    }

    /// <summary>With SACK, one that tells of more data arrived (RFC 6675 section 2); else an empty one that changes nothing (RFC 5681 section 2).</summary>
    bool IsDuplicate(TcpSegment s, int window, bool news)
    {
        return sackPermitted ? news : s.SequenceLength == 0 && window == sndWnd;
    }

    void ArriveNewAck(uint ack, long nowMs)
    {
        int bytes = (int)(ack - sndUna), data = Math.Min(bytes, sendRing.Used);
        rtt.Acknowledged(ack, nowMs);
        sendRing.Discard(data);
        finAcked = finAcked || (finQueued && bytes > data);
        sndUna = ack;
        scoreboard.Advance(ack);
        if (TcpSequence.Before(sndNxt, sndUna))
        {
            sndNxt = sndUna;
        }

        retransmits = 0;
        unreachableSeen = false;
        resendFirst = congestion.Acknowledged(ack, bytes, (int)(sndMax - sndUna), limitedByCongestion);
        if (sndNxt == sndUna)
        {
            StopRetransmitTimer();
        }
        else if (!congestion.KeepTimer)
        {
            ArmRetransmit(nowMs);
        }

        if (released && state != TcpState.TimeWait)
        {
            ArmClose(nowMs + TcpConstants.OrphanMs);
        }

        if (wantsRoom && data > 0)
        {
            wantsRoom = false;
            stack.Notify(this);
        }
    }

    /// <summary>Only a segment not older than the last that did so may change the window.</summary>
    void UpdateSendWindow(TcpSegment s, int window)
    {
        if (TcpSequence.Before(s.Seq, sndWl1) || (s.Seq == sndWl1 && TcpSequence.Before(s.Ack, sndWl2)))
        {
            return;
        }

        if (window > sndWnd)
        {
            StopPersist();
        }

        sndWnd = window;
        maxSndWnd = Math.Max(maxSndWnd, window);
        sndWl1 = s.Seq;
        sndWl2 = s.Ack;
    }
}
