using System;

namespace MeshIoT.NetStack.Tests;

/// <summary>Packets made by hand, with right lengths and checksums.</summary>
internal static class Packets
{
    public static byte[] Ip(byte[] source, byte[] destination, int protocol, byte[] payload, int checksumAt = -1)
    {
        int header = IpWriter.HeaderSize(source.Length);
        byte[] packet = new byte[header + payload.Length];
        payload.CopyTo(packet, header);
        if (checksumAt >= 0)
        {
            IpWriter.Finish(packet, 0, source, 0, destination, 0, source.Length, protocol, payload.Length, checksumAt);
        }
        else if (source.Length == 4)
        {
            Ipv4Header.Write(packet, 0, source, 0, destination, 0, protocol, payload.Length);
        }
        else
        {
            Ipv6Header.Write(packet, 0, source, 0, destination, 0, protocol, payload.Length);
        }

        return packet;
    }

    public static byte[] Tcp(byte[] source, int sourcePort, byte[] destination, int destinationPort, uint seq, uint ack, int flags, int window, byte[]? options = null, byte[]? data = null)
    {
        options ??= [];
        data ??= [];
        byte[] segment = new byte[20 + options.Length + data.Length];
        BigEndian.Put16(segment, 0, sourcePort);
        BigEndian.Put16(segment, 2, destinationPort);
        BigEndian.Put32(segment, 4, seq);
        BigEndian.Put32(segment, 8, ack);
        segment[12] = (byte)((20 + options.Length) << 2);
        segment[13] = (byte)flags;
        BigEndian.Put16(segment, 14, window);
        options.CopyTo(segment, 20);
        data.CopyTo(segment, 20 + options.Length);
        return Ip(source, destination, IpPacket.ProtocolTcp, segment, TcpConstants.ChecksumAt);
    }

    public static byte[] Udp(byte[] source, int sourcePort, byte[] destination, int destinationPort, byte[] data)
    {
        byte[] datagram = new byte[8 + data.Length];
        BigEndian.Put16(datagram, 0, sourcePort);
        BigEndian.Put16(datagram, 2, destinationPort);
        BigEndian.Put16(datagram, 4, datagram.Length);
        data.CopyTo(datagram, 8);
        return Ip(source, destination, IpPacket.ProtocolUdp, datagram, 6);
    }

    public static byte[] Icmp(byte[] source, byte[] destination, int type, int code, uint rest, byte[] data)
    {
        byte[] message = new byte[8 + data.Length];
        message[0] = (byte)type;
        message[1] = (byte)code;
        BigEndian.Put32(message, 4, rest);
        data.CopyTo(message, 8);
        return Ip(source, destination, source.Length == 4 ? IpPacket.ProtocolIcmp : IpPacket.ProtocolIcmp6, message, 2);
    }

    public static byte[] Numbered(int length, int from = 0)
    {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++)
        {
            data[i] = (byte)(from + i);
        }

        return data;
    }

    public static byte[] Join(params byte[][] parts)
    {
        byte[] all = new byte[Array.ConvertAll(parts, p => p.Length) is var lengths ? Sum(lengths) : 0];
        int at = 0;
        foreach (byte[] part in parts)
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        return all;
    }

    static int Sum(int[] lengths)
    {
        int sum = 0;
        foreach (int length in lengths)
        {
            sum += length;
        }

        return sum;
    }
}
