using System;
using System.Buffers.Binary;
using System.Net;

namespace MeshIoT.WireGuard.Tests;

/// <summary>IP packets to send through tunnels: a header with the right lengths and a payload that can be told apart.</summary>
static class InnerPackets
{
    public static byte[] Create(string source, string destination, int payload, int number = 0)
    {
        byte[] from = IPAddress.Parse(source).GetAddressBytes(), to = IPAddress.Parse(destination).GetAddressBytes();
        bool ipv4 = from.Length == 4;
        int header = ipv4 ? 20 : 40;
        byte[] packet = new byte[header + payload];
        packet[0] = ipv4 ? (byte)0x45 : (byte)0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(ipv4 ? 2 : 4), (ushort)(ipv4 ? packet.Length : payload));
        from.CopyTo(packet, ipv4 ? 12 : 8);
        to.CopyTo(packet, ipv4 ? 16 : 24);
        for (int i = 0; i < payload; i++)
        {
            packet[header + i] = (byte)(i < 4 ? number >> (8 * i) : i);
        }

        return packet;
    }

    public static int NumberOf(byte[] packet) => BinaryPrimitives.ReadInt32LittleEndian(packet.AsSpan(packet[0] >> 4 == 4 ? 20 : 40));
}
