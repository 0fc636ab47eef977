namespace MeshIoT.NetStack;

/// <summary>Observers are called when a packet has been dealt with, never in the middle: they see sockets in order and may use them freely.</summary>
public sealed partial class NetStack
{
    TcpSocket? firstTcp, lastTcp;
    UdpSocket? firstUdp, lastUdp;
    bool draining;

    bool HasNotifications
    {
        get { return firstTcp != null || firstUdp != null; }
    }

    internal void Notify(TcpSocket socket)
    {
        if (socket.Notified || socket.Observer == null)
        {
            return;
        }

        socket.Notified = true;
        if (lastTcp == null)
        {
            firstTcp = socket;
        }
        else
        {
            lastTcp.NextNotified = socket;
        }

        lastTcp = socket;
    }

    void Notify(UdpSocket socket)
    {
        if (socket.Notified || socket.Observer == null)
        {
            return;
        }

        socket.Notified = true;
        if (lastUdp == null)
        {
            firstUdp = socket;
        }
        else
        {
            lastUdp.NextNotified = socket;
        }

        lastUdp = socket;
    }

    void DrainNotifications()
    {
        if (draining || !HasNotifications)
        {
            return;
        }

        draining = true;
        try
        {
            // Only those waiting now: an observer that causes more must not keep the caller here for ever.
            for (int left = connections.Limit + udpSockets.Length; left > 0 && HasNotifications; left--)
            {
                NotifyOne();
            }
        }
        finally
        {
            draining = false;
        }
    }

    void NotifyOne()
    {
        TcpSocket? tcp = firstTcp;
        if (tcp != null)
        {
            firstTcp = tcp.NextNotified;
            lastTcp = firstTcp == null ? null : lastTcp;
            tcp.NextNotified = null;
            tcp.Notified = false;
            tcp.Observer?.Changed(tcp);
            return;
        }

        UdpSocket udp = firstUdp!;
        firstUdp = udp.NextNotified;
        lastUdp = firstUdp == null ? null : lastUdp;
        udp.NextNotified = null;
        udp.Notified = false;
        udp.Observer?.Changed(udp);
    }
}
