using System;

namespace MeshIoT.NetStack;

/// <summary>UDP, RFC 768 and RFC 8200 section 8.1.</summary>
public sealed partial class NetStack
{
    const int UdpHeader = 8, UdpLengthAt = 4, UdpChecksumAt = 6;
    const int FirstEphemeralPort = 49152, EphemeralPorts = 16384;
    readonly UdpSocket[] udpSockets;
    int udpCount;

    /// <summary>Opens a UDP port on all addresses; 0 = a random one from 49152 up. Throws InvalidOperationException if the port is taken or the limit reached.</summary>
    public UdpSocket OpenUdp(int localPort, SocketObserver? observer)
    {
        if (localPort < 0 || localPort > 65535)
        {
            throw new ArgumentException("Not a port.");
        }

        int port = localPort == 0 ? EphemeralUdpPort() : localPort;
        if (udpCount == udpSockets.Length || FindUdp(port) != null)
        {
            throw new InvalidOperationException(udpCount == udpSockets.Length ? "The stack has all the UDP sockets its limits allow." : "The UDP port is in use.");
        }

        UdpSocket socket = new UdpSocket(this, port, limits.UdpQueueBytes, memory, observer);
        udpSockets[udpCount++] = socket;
        return socket;
    }

    internal void Remove(UdpSocket socket)
    {
        int index = Array.IndexOf((Array)udpSockets, socket);
        if (index >= 0)
        {
            udpSockets[index] = udpSockets[--udpCount];
            udpSockets[udpCount] = null!;
        }
    }

    internal bool SendDatagram(UdpSocket socket, byte[] data, int offset, int length, byte[] remote, int remotePort, byte[]? local)
    {
        int header = IpWriter.HeaderSize(remote.Length);
        byte[]? source = SourceFor(remote, local);
        if (source == null || remotePort <= 0 || remotePort > 65535 || length < 0 || length > mtu - header - UdpHeader)
        {
            return false;
        }

        int at = datagrams.Reserve();
        if (at < 0)
        {
            return false;
        }

        byte[] bytes = datagrams.Bytes;
        int udpAt = at + header, udpLength = UdpHeader + length;
        BigEndian.Put16(bytes, udpAt, socket.LocalPort);
        BigEndian.Put16(bytes, udpAt + 2, remotePort);
        BigEndian.Put16(bytes, udpAt + UdpLengthAt, udpLength);
        Array.Copy(data, offset, bytes, udpAt + UdpHeader, length);
        datagrams.Commit(IpWriter.Finish(bytes, at, source, 0, remote, 0, remote.Length, IpPacket.ProtocolUdp, udpLength, UdpChecksumAt));
        return true;
    }

    DropReason ReceiveUdp()
    {
        byte[] bytes = packet.Bytes;
        int at = packet.PayloadAt;
        if (packet.PayloadLength < UdpHeader)
        {
            return DropReason.Truncated;
        }

        int length = BigEndian.U16(bytes, at + UdpLengthAt);
        if (length < UdpHeader || length > packet.PayloadLength)
        {
            return DropReason.BadHeader;
        }

        packet.PayloadLength = length;
        bool noChecksum = packet.AddressLength == 4 && BigEndian.U16(bytes, at + UdpChecksumAt) == 0;
        if (!noChecksum && (BigEndian.U16(bytes, at + UdpChecksumAt) == 0 || !Checksum.IsValid(packet.TransportSum())))
        {
            return DropReason.BadChecksum;
        }

        int source = BigEndian.U16(bytes, at);
        UdpSocket? socket = FindUdp(BigEndian.U16(bytes, at + 2));
        if (socket == null)
        {
            ReplyPortUnreachable();
            return DropReason.UdpNoSocket;
        }

        if (!socket.Arrive(packet, source, at + UdpHeader, length - UdpHeader))
        {
            return DropReason.UdpQueueFull;
        }

        Notify(socket);
        return DropReason.None;
    }

    UdpSocket? FindUdp(int port)
    {
        for (int i = 0; i < udpCount; i++)
        {
            if (udpSockets[i].LocalPort == port)
            {
                return udpSockets[i];
            }
        }

        return null;
    }

    /// <summary>A random start, then the next free one: RFC 6056 section 3.3.1.</summary>
    int EphemeralUdpPort()
    {
        int start = (int)(RandomU32() % EphemeralPorts);
        for (int i = 0; i <= udpCount; i++)
        {
            int port = FirstEphemeralPort + ((start + i) % EphemeralPorts);
            if (FindUdp(port) == null)
            {
                return port;
            }
        }

        return FirstEphemeralPort + start;
    }
}
