using System;

namespace MeshIoT.NetStack;

/// <summary>TCP above the connection: opening, listening, and which connection a segment is for.</summary>
public sealed partial class NetStack
{
    readonly TcpTable connections;
    readonly TcpListener[] listeners;
    readonly TcpSegment segment = new TcpSegment();
    int listenerCount;

    /// <summary>
    /// Begins a connection from a local address (null = the first of that family) and a random port. Never throws for want of
    /// something: then the socket is Closed and its Error says why.
    /// </summary>
    public TcpSocket Connect(byte[]? local, byte[] remote, int remotePort, long nowMs, SocketObserver? observer)
    {
        NowMs = nowMs;
        if ((remote.Length != 4 && remote.Length != 16) || remotePort <= 0 || remotePort > 65535)
        {
            throw new ArgumentException("Not an address of 4 or 16 bytes and a port.");
        }

        byte[] to = new byte[remote.Length];
        Array.Copy(remote, 0, to, 0, to.Length);
        byte[]? from = SourceFor(remote, local);
        bool reachable = from != null && IpAddressing.IsUnicast(remote, 0, remote.Length);
        int port = reachable ? EphemeralTcpPort(from!, to, remotePort) : 0;
        TcpSocket socket = new TcpSocket(this, from ?? new byte[remote.Length], port, to, remotePort, observer);
        if (!reachable)
        {
            socket.OpenFailed(SocketError.AddressNotAvailable);
        }
        else if (port == 0 || !MakeRoom())
        {
            socket.OpenFailed(SocketError.NoResources);
        }
        else
        {
            connections.Add(socket);
            socket.OpenActive(RandomU32());
            return socket;
        }

        Notify(socket);
        return socket;
    }

    /// <summary>Listens on a port of all addresses. Throws InvalidOperationException if it is taken or the limit reached.</summary>
    public TcpListener Listen(int port, int backlog, SocketObserver? observer)
    {
        if (port <= 0 || port > 65535 || backlog <= 0)
        {
            throw new ArgumentException("Not a port and a backlog.");
        }

        if (listenerCount == listeners.Length || FindListener(port) != null)
        {
            throw new InvalidOperationException(listenerCount == listeners.Length ? "The stack has all the listeners its limits allow." : "The TCP port is in use.");
        }

        TcpListener listener = new TcpListener(this, port, Math.Min(backlog, limits.MaxTcpSockets), observer);
        listeners[listenerCount++] = listener;
        return listener;
    }

    internal void Remove(TcpListener listener)
    {
        for (int i = connections.Count - 1; i >= 0; i--)
        {
            TcpSocket socket = connections.At(i);
            if (socket.Listener == listener)
            {
                socket.Reset(SocketError.ConnectionAborted);
            }
        }

        int index = Array.IndexOf((Array)listeners, listener);
        listeners[index] = listeners[--listenerCount];
        listeners[listenerCount] = null!;
    }

    internal void Remove(TcpSocket socket)
    {
        connections.Remove(socket);
    }

    internal void MakeReady(TcpSocket socket)
    {
        connections.MakeReady(socket);
    }

    DropReason ReceiveTcp()
    {
        TcpSegment s = segment;
        DropReason reason = s.Parse(packet);
        if (reason != DropReason.None)
        {
            return reason;
        }

        TcpListener? listener = s.Has(TcpConstants.Syn) ? FindListener(s.DestinationPort) : null;
        TcpSocket? socket = connections.Find(packet.Bytes, packet.SourceAt, packet.AddressLength, s.SourcePort, packet.Bytes, packet.DestinationAt, s.DestinationPort);
        if (socket != null && !IsNewAfterTimeWait(socket, listener, s))
        {
            socket.Arrive(s, NowMs);
            return DropReason.None;
        }

        socket?.Fail(SocketError.None);
        if (s.Has(TcpConstants.Rst))
        {
            return DropReason.TcpNoSocket;
        }

        if (listener == null || s.Has(TcpConstants.Ack))
        {
            ReplyReset(s);
            return DropReason.TcpNoSocket;
        }

        return s.Has(TcpConstants.Fin) ? DropReason.TcpBadFlags : Begin(listener, s);
    }

    /// <summary>A SYN beyond everything the old connection saw begins a new one: RFC 9293 section 3.10.7.4, RFC 1122 section 4.2.2.13.</summary>
    static bool IsNewAfterTimeWait(TcpSocket socket, TcpListener? listener, TcpSegment s)
    {
        return socket.State == TcpState.TimeWait && listener != null
            && (s.Flags & (TcpConstants.Syn | TcpConstants.Ack | TcpConstants.Rst)) == TcpConstants.Syn
            && TcpSequence.Before(socket.NextExpectedSeq, s.Seq);
    }

    DropReason Begin(TcpListener listener, TcpSegment syn)
    {
        if (listener.IsFull)
        {
            return DropReason.TcpBacklogFull;
        }

        if (listener.HalfOpen >= listener.Backlog)
        {
            EvictHalfOpen(listener);
        }

        if (!MakeRoom())
        {
            return DropReason.SocketLimit;
        }

        byte[] local = addresses[FindAddress(packet.Bytes, packet.DestinationAt, packet.AddressLength)];
        byte[] remote = new byte[packet.AddressLength];
        Array.Copy(packet.Bytes, packet.SourceAt, remote, 0, remote.Length);
        TcpSocket socket = new TcpSocket(this, local, syn.DestinationPort, remote, syn.SourcePort, listener.Observer);
        connections.Add(socket);
        listener.HalfOpen++;
        socket.OpenPassive(listener, syn, RandomU32());
        return DropReason.None;
    }

    /// <summary>A full table gives up its oldest TIME-WAIT, else its oldest half-open connection.</summary>
    bool MakeRoom()
    {
        if (connections.Count < connections.Limit)
        {
            return true;
        }

        TcpSocket? oldest = null;
        for (int i = 0; i < connections.Count; i++)
        {
            TcpSocket socket = connections.At(i);
            if (socket.State == TcpState.TimeWait && (oldest == null || socket.NextTimerMs < oldest.NextTimerMs))
            {
                oldest = socket;
            }
        }

        oldest?.Fail(SocketError.None);
        return oldest != null || EvictHalfOpen(null);
    }

    /// <summary>The peer of an evicted one just sends its SYN again; one that never meant to answer loses nothing.</summary>
    bool EvictHalfOpen(TcpListener? ofListener)
    {
        TcpSocket? oldest = null;
        for (int i = 0; i < connections.Count; i++)
        {
            TcpSocket socket = connections.At(i);
            bool candidate = socket.Listener != null && (ofListener == null || socket.Listener == ofListener);
            if (candidate && (oldest == null || socket.CreatedMs < oldest.CreatedMs))
            {
                oldest = socket;
            }
        }

        if (oldest == null)
        {
            return false;
        }

        Drop(DropReason.TcpHalfOpenEvicted);
        oldest.Fail(SocketError.NoResources);
        return true;
    }

    TcpListener? FindListener(int port)
    {
        for (int i = 0; i < listenerCount; i++)
        {
            if (listeners[i].Port == port)
            {
                return listeners[i];
            }
        }

        return null;
    }

    /// <summary>A random start, then the next one not in use towards this peer: RFC 6056 section 3.3.1. 0 if there is none.</summary>
    int EphemeralTcpPort(byte[] local, byte[] remote, int remotePort)
    {
        int start = (int)(RandomU32() % EphemeralPorts);
        for (int i = 0; i < EphemeralPorts; i++)
        {
            int port = FirstEphemeralPort + ((start + i) % EphemeralPorts);
            if (FindListener(port) == null && connections.Find(remote, 0, remote.Length, remotePort, local, 0, port) == null)
            {
                return port;
            }
        }

        return 0;
    }
}
