using System;

namespace MeshIoT.NetStack;

/// <summary>What goes out next: acknowledgements owed, then what must be repeated, then what is new. RFC 9293 sections 3.7.4 and 3.8.6.</summary>
public sealed partial class TcpSocket
{
    bool ackNow;
    bool persistDue;
    bool keepAliveDue;
    long lastSentMs;

    /// <summary>Writes the next segment and returns the packet's length; 0 = nothing to send now.</summary>
    internal int Output(long nowMs, byte[] output, int offset)
    {
        switch (state)
        {
            case TcpState.Closed:
                return 0;
            case TcpState.SynSent:
            case TcpState.SynReceived:
                return OutputHandshake(nowMs, output, offset);
            default:
                break;
        }

        if (duplicateAcksOwed > 0)
        {
            duplicateAcksOwed--;
            return WriteAck(output, offset);
        }

        int written = 0;
        if (resendFirst)
        {
            resendFirst = false;
            written = OutputAgain(nowMs, output, offset);
        }

        if (written == 0 && congestion.Recovering && !scoreboard.IsEmpty)
        {
            written = OutputHole(nowMs, output, offset);
        }

        if (written == 0 && !finAcked)
        {
            written = OutputNew(nowMs, output, offset);
        }

        if (written == 0 && keepAliveDue)
        {
            keepAliveDue = false;
            written = Write(output, offset, sndUna - 1, TcpConstants.Ack, 0, 0);
        }

        return written == 0 && ackNow ? WriteAck(output, offset) : written;
    }

    int OutputHandshake(long nowMs, byte[] output, int offset)
    {
        if (sndNxt != iss)
        {
            return ackNow && state == TcpState.SynReceived ? WriteAck(output, offset) : 0;
        }

        sndNxt = iss + 1;
        if (sndMax == iss)
        {
            sndMax = sndNxt;
            rtt.Sent(iss, nowMs);
        }

        if (retransmitAtMs == Never)
        {
            ArmRetransmit(nowMs);
        }

        return WriteSyn(output, offset);
    }

    /// <summary>The first unacknowledged segment once more, without moving on: fast retransmit.</summary>
    int OutputAgain(long nowMs, byte[] output, int offset)
    {
        int sent = (int)(sndMax - sndUna), length = Math.Min(Math.Min(sent, sendRing.Used), mss);
        bool fin = finQueued && !finAcked && sent > sendRing.Used && length == sendRing.Used;
        if (length == 0 && !fin)
        {
            return 0;
        }

        stack.TcpRetransmissions++;
        rtt.Cancel();
        ArmRetransmit(nowMs);
        scoreboard.Resent(sndUna + (uint)length);
        return WriteData(nowMs, output, offset, sndUna, length, fin);
    }

    /// <summary>What SACK proves lost, as the congestion window allows.</summary>
    int OutputHole(long nowMs, byte[] output, int offset)
    {
        uint seq = sndUna;
        if (congestion.Window - scoreboard.Pipe(sndUna, sndNxt, mss) < mss)
        {
            return 0;
        }

        int length = Math.Min(scoreboard.TakeHole(sndUna, mss, ref seq), sendRing.Used - (int)(seq - sndUna));
        if (length <= 0)
        {
            return 0;
        }

        stack.TcpRetransmissions++;
        rtt.Cancel();
        return WriteData(nowMs, output, offset, seq, length, false);
    }

    /// <summary>After a timeout everything is sent again, except what the peer has meanwhile said it has; returns what is missing there, at most a segment.</summary>
    int SkipSacked()
    {
        return TcpSequence.Before(sndNxt, sndMax) && !scoreboard.IsEmpty ? scoreboard.UnsackedAt(ref sndNxt, sndMax, mss) : mss;
    }

    int OutputNew(long nowMs, byte[] output, int offset)
    {
        int most = SkipSacked();
        most = most == 0 ? mss : most;
        int inFlight = (int)(sndNxt - sndUna), unsent = sendRing.Used - inFlight;
        if (unsent < 0 || (unsent == 0 && !finQueued))
        {
            // Everything is out, the FIN too if there is one.
            limitedByCongestion = false;
            persistDue = false;
            return 0;
        }

        if (inFlight == 0 && sndMax == sndUna && nowMs - lastSentMs > rtt.RtoMs)
        {
            congestion.RestartAfterIdle();
        }

        int offered = sndWnd - inFlight, allowed = Allowed(inFlight);
        int length = Math.Max(0, Math.Min(Math.Min(unsent, most), Math.Min(offered, allowed)));
        bool fin = finQueued && length == unsent && offered > length;
        if (length < most && !MaySend(length, fin, unsent, offered, allowed, inFlight))
        {
            limitedByCongestion = allowed < offered && allowed < Math.Min(unsent, mss);
            if (!persistDue)
            {
                if (inFlight == 0)
                {
                    ArmPersist(nowMs);
                }

                return 0;
            }

            persistDue = false;
            if (offered <= 0)
            {
                return OutputProbe(nowMs, output, offset);
            }
        }

        persistDue = false;
        StopPersist();
        if (TcpSequence.Before(sndNxt, sndMax))
        {
            stack.TcpRetransmissions++;
        }
        else if (length > 0)
        {
            rtt.Sent(sndNxt, nowMs);
        }

        if (retransmitAtMs == Never)
        {
            ArmRetransmit(nowMs);
        }

        uint seq = sndNxt;
        sndNxt += (uint)length + (fin ? 1u : 0u);
        sndMax = TcpSequence.Before(sndMax, sndNxt) ? sndNxt : sndMax;
        return WriteData(nowMs, output, offset, seq, length, fin);
    }

    /// <summary>What the congestion window allows; SACK tells better than sequence numbers what is under way.</summary>
    int Allowed(int inFlight)
    {
        return scoreboard.IsEmpty
            ? congestion.Window + congestion.LimitedTransmit - inFlight
            : congestion.Window - scoreboard.Pipe(sndUna, sndNxt, mss);
    }

    /// <summary>Avoiding silly windows, section 3.8.6.2.1: a full segment, or all there is, or half of the largest window ever offered.</summary>
    bool MaySend(int length, bool fin, int unsent, int offered, int allowed, int inFlight)
    {
        if (length == 0 && !fin)
        {
            return false;
        }

        if (fin)
        {
            return true;
        }

        if (length == unsent)
        {
            return NoDelay || inFlight == 0 || finQueued;
        }

        return offered <= allowed && length >= maxSndWnd / 2;
    }

    /// <summary>One byte, or the FIN, beyond a closed window, to hear whether it is still closed: section 3.8.6.1.</summary>
    int OutputProbe(long nowMs, byte[] output, int offset)
    {
        bool fin = sendRing.Used == 0;
        if (sndMax == sndUna)
        {
            sndMax = sndUna + 1;
        }

        return WriteData(nowMs, output, offset, sndUna, fin ? 0 : 1, fin);
    }
}
