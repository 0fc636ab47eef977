using System;

namespace MeshIoT.NetStack.Tests;

/// <summary>A TCP segment as the probe sees it on the wire.</summary>
internal sealed record Segment(int SourcePort, int DestinationPort, uint Seq, uint Ack, int Flags, int Window, byte[] Options, byte[] Payload)
{
    public static readonly byte[] Missing = new byte[99];

    public bool Is(int flags) => Flags == flags;

    /// <summary>The option's body; <see cref="Missing"/> if the segment does not carry it.</summary>
    public byte[] Option(int kind)
    {
        for (int at = 0; at < Options.Length && Options[at] != 0;)
        {
            if (Options[at] == 1)
            {
                at++;
                continue;
            }

            if (Options[at] == kind)
            {
                return Options[(at + 2)..(at + Options[at + 1])];
            }

            at += Options[at + 1];
        }

        return Missing;
    }

    public static Segment Parse(byte[] packet)
    {
        IpPacket ip = new();
        if (ip.Parse(packet, 0, packet.Length) != DropReason.None || ip.Protocol != IpPacket.ProtocolTcp || ip.Length != packet.Length)
        {
            throw new InvalidOperationException("not a TCP packet");
        }

        if (!Checksum.IsValid(ip.TransportSum()))
        {
            throw new InvalidOperationException("wrong checksum");
        }

        int at = ip.PayloadAt, header = (packet[at + 12] >> 4) * 4;
        return new Segment(
            BigEndian.U16(packet, at),
            BigEndian.U16(packet, at + 2),
            BigEndian.U32(packet, at + 4),
            BigEndian.U32(packet, at + 8),
            packet[at + 13],
            BigEndian.U16(packet, at + 14),
            packet[(at + 20)..(at + header)],
            packet[(at + header)..]);
    }
}
