using System;

namespace MeshIoT.NetStack;

/// <summary>What the owner reads.</summary>
public sealed partial class TcpSocket
{
    /// <summary>Bytes <see cref="Receive"/> can give now.</summary>
    public int ReceiveAvailable
    {
        get { return receiveRing.Used; }
    }

    /// <summary>True once the peer will send no more; bytes may still wait to be read.</summary>
    public bool PeerClosed
    {
        get { return finReceived || state == TcpState.Closed; }
    }

    /// <summary>Takes received bytes in order; 0 = none yet, -1 = end of the stream (see <see cref="Error"/> whether it is a good one).</summary>
    public int Receive(byte[] buffer, int offset, int length, long nowMs)
    {
        stack.NowMs = nowMs;
        int taken = Math.Min(length, receiveRing.Used);
        if (taken == 0)
        {
            return receiveRing.Used == 0 && PeerClosed ? -1 : 0;
        }

        receiveRing.Peek(0, buffer, offset, taken);
        receiveRing.Discard(taken);
        if ((state == TcpState.Established || state == TcpState.FinWait1 || state == TcpState.FinWait2) && WindowGrowth() >= Math.Min(receiveRing.Limit / 2, 2 * advertisedMss))
        {
            ackNow = true;
            MakeReady();
        }

        return taken;
    }

    /// <summary>What the peer may still send of the window last offered. Scaling rounds an offer down, so data may pass its edge and still fit.</summary>
    int OfferLeft()
    {
        return Math.Max(0, (int)(rcvEdge - rcvNxt));
    }

    /// <summary>How far the offered window could move its right edge.</summary>
    int WindowGrowth()
    {
        return receiveRing.Room - OfferLeft();
    }
}
