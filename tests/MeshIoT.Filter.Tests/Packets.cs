using System;
using System.Buffers.Binary;
using System.Net;

namespace MeshIoT.Filter.Tests;

/// <summary>IP packets as a test line reads: protocol, from, to. No checksums: the filter does not read them.</summary>
internal static class Packets
{
    public const byte Syn = 0x02, Ack = 0x10;

    public static byte[] Tcp(string from, string to, byte flags = Syn)
    {
        byte[] segment = new byte[20];
        segment[12] = 0x50;
        segment[13] = flags;
        return Ip(from, to, 6, WithPorts(segment, from, to));
    }

    public static byte[] Udp(string from, string to) => Ip(from, to, 17, WithPorts(new byte[8], from, to));

    public static byte[] Sctp(string from, string to) => Ip(from, to, 132, WithPorts(new byte[12], from, to));

    public static byte[] Icmp(string from, string to, byte type) => Ip(from, to, from.Contains('[') || from.Contains("::") ? (byte)58 : (byte)1, [type, 0, 0, 0]);

    /// <summary>An IP packet; "from" and "to" may carry a port, which is not used here.</summary>
    public static byte[] Ip(string from, string to, byte protocol, byte[] rest)
    {
        byte[] source = Address(from).GetAddressBytes(), destination = Address(to).GetAddressBytes();
        byte[] packet;
        if (source.Length == 4)
        {
            packet = new byte[20 + rest.Length];
            packet[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            packet[8] = 64;
            packet[9] = protocol;
            source.CopyTo(packet, 12);
            destination.CopyTo(packet, 16);
            rest.CopyTo(packet, 20);
        }
        else
        {
            packet = new byte[40 + rest.Length];
            packet[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)rest.Length);
            packet[6] = protocol;
            packet[7] = 64;
            source.CopyTo(packet, 8);
            destination.CopyTo(packet, 24);
            rest.CopyTo(packet, 40);
        }

        return packet;
    }

    /// <summary>The IPv4 fragment field: offset in blocks of eight bytes, more-fragments flag.</summary>
    public static byte[] Fragment(byte[] packet, int blocks, bool more)
    {
        byte[] fragment = (byte[])packet.Clone();
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(6), (ushort)(blocks | (more ? 0x2000 : 0)));
        return fragment;
    }

    /// <summary>An IPv6 packet behind a Fragment header.</summary>
    public static byte[] FragmentV6(string from, string to, byte protocol, int blocks, bool more, byte[] rest)
    {
        byte[] header = [protocol, 0, 0, 0, 0, 0, 0, 1];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)((blocks << 3) | (more ? 1 : 0)));
        return Ip(from, to, 44, [.. header, .. rest]);
    }

    static byte[] WithPorts(byte[] header, string from, string to)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)Port(from));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)Port(to));
        return header;
    }

    static IPAddress Address(string text) => IPAddress.TryParse(text, out IPAddress? plain) ? plain : IPEndPoint.Parse(text).Address;

    static int Port(string text) => IPEndPoint.Parse(text).Port;
}
