using System;
using System.Buffers.Binary;

namespace MeshIoT.Linux.Tests.Offload;

/// <summary>TCP and UDP packets made byte by byte from RFC 791, 8200, 9293 and 768, with a checksum that is as slow as it is plain.</summary>
static class Packets
{
    public const byte Ack = 16, Push = 8, Fin = 1, Syn = 2;

    public static byte[] Tcp(bool six, int flow, uint sequence, int payload, byte flags = Ack, ushort id = 0, uint ack = 7, byte[]? options = null, byte hops = 64, byte traffic = 0)
    {
        byte[] tcpOptions = options ?? [];
        byte[] tcp = new byte[20 + tcpOptions.Length + payload];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)(40_000 + flow));
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), 443);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(8), ack);
        tcp[12] = (byte)((20 + tcpOptions.Length) / 4 << 4);
        tcp[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(14), 4096);
        tcpOptions.CopyTo(tcp, 20);
        for (int i = 0; i < payload; i++)
        {
            tcp[20 + tcpOptions.Length + i] = (byte)((sequence + (uint)i) * 2654435761u >> 13);
        }

        return Wrap(six, 6, tcp, 16, id, hops, traffic);
    }

    public static byte[] Udp(bool six, int payload, int flow = 0, ushort id = 9, byte hops = 64, bool atomic = true)
    {
        byte[] udp = new byte[8 + payload];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)(5000 + flow));
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), 53);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        new Random(payload + (id << 16)).NextBytes(udp.AsSpan(8));
        byte[] packet = Wrap(six, 17, udp, 6, id, hops, 0);
        if (!atomic && !six)
        {
            packet[6] = 0;
            FixChecksums(packet, 6);
        }

        return packet;
    }

    /// <summary>The packet but for the identification of one that is never in pieces, which means nothing (RFC 6864).</summary>
    public static byte[] WithoutIdentification(byte[] packet)
    {
        if (packet.Length < 28 || packet[0] != 0x45 || packet[9] != 17 || (packet[6] & 0x40) == 0)
        {
            return packet;
        }

        byte[] plain = [.. packet];
        (plain[4], plain[5]) = (0, 0);
        ushort sum = (ushort)~Sum([.. plain.AsSpan(0, 10), .. plain.AsSpan(12, 8)]);
        int old = (ushort)~Sum([.. packet.AsSpan(0, 10), .. packet.AsSpan(12, 8)]);
        if ((packet[10] << 8 | packet[11]) == old)
        {
            BinaryPrimitives.WriteUInt16BigEndian(plain.AsSpan(10), sum);
        }

        return plain;
    }

    static byte[] Wrap(bool six, byte protocol, byte[] body, int checksumAt, ushort id, byte hops, byte traffic)
    {
        byte[] packet = new byte[(six ? 40 : 20) + body.Length];
        if (six)
        {
            packet[0] = (byte)(0x60 | traffic >> 4);
            packet[1] = (byte)(traffic << 4);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)body.Length);
            packet[6] = protocol;
            packet[7] = hops;
            (packet[8], packet[23], packet[24], packet[39]) = (0xfd, 1, 0xfd, 2);
        }
        else
        {
            packet[0] = 0x45;
            packet[1] = traffic;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), id);
            packet[6] = 0x40;
            packet[8] = hops;
            packet[9] = protocol;
            new byte[] { 100, 64, 0, 1, 100, 64, 0, 2 }.CopyTo(packet, 12);
        }

        body.CopyTo(packet, packet.Length - body.Length);
        FixChecksums(packet, checksumAt);
        return packet;
    }

    /// <summary>Puts right checksums into a packet with plain headers.</summary>
    public static void FixChecksums(byte[] packet, int checksumAt)
    {
        bool six = packet[0] >> 4 == 6;
        int ip = six ? 40 : (packet[0] & 15) * 4;
        if (!six)
        {
            packet[10] = packet[11] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~Sum(packet.AsSpan(0, ip)));
        }

        Span<byte> body = packet.AsSpan(ip);
        body[checksumAt] = body[checksumAt + 1] = 0;
        byte[] pseudo = six
            ? [.. packet[8..40], 0, 0, (byte)(body.Length >> 8), (byte)body.Length, 0, 0, 0, packet[6]]
            : [.. packet[12..20], 0, packet[9], (byte)(body.Length >> 8), (byte)body.Length];
        ushort sum = (ushort)~Sum([.. pseudo, .. body]);
        BinaryPrimitives.WriteUInt16BigEndian(body[checksumAt..], sum == 0 && packet[six ? 6 : 9] == 17 ? (ushort)0xffff : sum);
    }

    /// <summary>RFC 1071 section 4.1, in words of 16 bits, folded; not complemented.</summary>
    public static ushort Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8 | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)sum;
    }
}
