using System;

namespace MeshIoT.NetStack;

/// <summary>The segment text and FIN: RFC 9293 section 3.10.7.4 steps 7 and 8.</summary>
public sealed partial class TcpSocket
{
    readonly TcpRanges gaps = new TcpRanges();
    int peerSegment;
    int duplicateAcksOwed;
    bool hasFinSeq, finReceived;
    uint finSeq;

    void ArriveData(TcpSegment s, long nowMs)
    {
        if (finReceived || state == TcpState.TimeWait)
        {
            ackNow = true;
            return;
        }

        if (released && s.PayloadLength > 0)
        {
            // Nobody will read it, and the peer must know: RFC 9293 section 3.6.1.
            Reset(SocketError.ConnectionAborted);
            return;
        }

        uint seq = s.Seq, expected = rcvNxt;
        int at = s.PayloadAt, length = s.PayloadLength;
        bool fin = s.Has(TcpConstants.Fin);
        if (TcpSequence.Before(seq, rcvNxt))
        {
            int old = (int)(rcvNxt - seq);
            seq = rcvNxt;
            at += old;
            length -= old;
        }

        int room = receiveRing.Room - (int)(seq - rcvNxt);
        if (length > room)
        {
            length = room;
            fin = false;
            ackNow = true;
        }

        if (fin && !hasFinSeq)
        {
            hasFinSeq = true;
            finSeq = seq + (uint)length;
        }

        if (length > 0 && !Store(s.Bytes, at, seq, length))
        {
            return;
        }

        if (rcvNxt == expected)
        {
            // Out of order: its acknowledgement is owed already. Nothing new: the peer must hear where we are.
            ackNow = ackNow || gaps.Count == 0;
        }
        else
        {
            peerSegment = Math.Min(Math.Max(peerSegment, length), advertisedMss);
            AcknowledgeSoon(nowMs);
            stack.Notify(this);
        }

        if (hasFinSeq && rcvNxt == finSeq)
        {
            ArriveFin(nowMs);
        }
    }

    /// <summary>Keeps the bytes and moves the next expected one on if there is no gap before them. False if the connection did not survive the lack of memory.</summary>
    bool Store(byte[] bytes, int at, uint seq, int length)
    {
        int ahead = (int)(seq - rcvNxt);
        uint end = seq + (uint)length;
        if (ahead > 0 && duplicateAcksOwed < TcpConstants.MaxDuplicateAcksOwed)
        {
            duplicateAcksOwed++;
        }

        int placed = receiveRing.Place(ahead, bytes, at, length);
        if (placed < length)
        {
            // The window shrinks to the memory there is; the peer sends again what did not fit.
            stack.Drop(DropReason.NoMemory);
            ackNow = true;
            end -= (uint)(length - placed);
            if (receiveRing.Limit == 0)
            {
                Reset(SocketError.NoResources);
                return false;
            }

            if (placed == 0)
            {
                return true;
            }
        }

        if (ahead > 0)
        {
            if (!gaps.Insert(seq, end))
            {
                stack.Drop(DropReason.TcpTooManyGaps);
            }

            return true;
        }

        uint next = gaps.Count == 0 ? end : gaps.Advance(end);
        ackNow = ackNow || next != end;
        receiveRing.Extend((int)(next - rcvNxt));
        rcvNxt = next;
        return true;
    }

    /// <summary>At once for every second full segment and while there are gaps, else a little later: RFC 5681 section 4.2.</summary>
    void AcknowledgeSoon(long nowMs)
    {
        if (gaps.Count > 0 || (int)(rcvNxt - lastAckSent) >= 2 * peerSegment)
        {
            ackNow = true;
        }
        else
        {
            ArmDelayedAck(nowMs);
        }
    }

    void ArriveFin(long nowMs)
    {
        rcvNxt++;
        finReceived = true;
        ackNow = true;
        stack.Notify(this);
        switch (state)
        {
            case TcpState.Established:
                state = TcpState.CloseWait;
                break;
            case TcpState.FinWait1:
                state = TcpState.Closing;
                break;
            case TcpState.FinWait2:
                EnterTimeWait(nowMs);
                ackNow = true;
                break;
            default:
                break;
        }
    }
}
