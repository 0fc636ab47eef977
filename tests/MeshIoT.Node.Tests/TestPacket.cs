using System.Net;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Tests;

/// <summary>Packets that hosts of tests send. RFC 791, RFC 768.</summary>
static class TestPacket
{
    /// <summary>An IPv4 UDP packet of so many bytes in all, from and to port 7, without a checksum.</summary>
    public static byte[] Udp(IPAddress from, IPAddress to, int length)
    {
        byte[] packet = new byte[length];
        IPPacket.WriteHeader(packet, 17, from.GetAddressBytes(), to.GetAddressBytes(), length - 20);
        packet[21] = packet[23] = 7;
        packet[24] = (byte)((length - 20) >> 8);
        packet[25] = (byte)(length - 20);
        return packet;
    }
}
