using System;
using System.Net;
using System.Text;
using MeshIoT.Crypto;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What targets share: the same keys and numbers in each run, so that a finding can be played again.</summary>
static class Fixed
{
    public static CryptoSuite Suite { get; } = new SodiumSuite();

    public static RandomSource Random(int seed) => new Seeded(seed);

    /// <summary>32 bytes, one after the other from the first.</summary>
    public static byte[] Bytes(int first, int count = 32)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(first + i);
        }

        return bytes;
    }

    public static byte[] Endpoint(string address, int port) =>
        [.. IPAddress.Parse(address).MapToIPv6().GetAddressBytes(), (byte)(port >> 8), (byte)port];

    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>An IP packet with right lengths and header checksum; the transport's checksum is left to the stack's own seeds.</summary>
    public static byte[] Packet4(byte protocol, byte[] payload)
    {
        byte[] packet = [0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0, 100, 64, 0, 1, 100, 64, 0, 2, .. payload];
        packet[2] = (byte)(packet.Length >> 8);
        packet[3] = (byte)packet.Length;
        Checksum(packet, 0, 20, 10);
        return packet;
    }

    public static byte[] Packet6(byte next, byte[] payload) =>
    [
        0x60, 0, 0, 0, (byte)(payload.Length >> 8), (byte)payload.Length, next, 64,
        .. IPAddress.Parse("fd7a:115c:a1e0::1").GetAddressBytes(), .. IPAddress.Parse("fd7a:115c:a1e0::2").GetAddressBytes(), .. payload,
    ];

    /// <summary>Writes the Internet checksum (RFC 1071) of a range, and of a sum before it, at a place within it.</summary>
    public static void Checksum(byte[] bytes, int from, int length, int at, uint sum = 0)
    {
        bytes[at] = bytes[at + 1] = 0;
        for (int i = 0; i < length; i++)
        {
            sum += (uint)(bytes[from + i] << (i % 2 == 0 ? 8 : 0));
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        bytes[at] = (byte)(~sum >> 8);
        bytes[at + 1] = (byte)~sum;
    }

    sealed class Seeded(int seed) : RandomSource
    {
        readonly Random random = new(seed);

        public override void Fill(byte[] buffer, int offset, int length) => random.NextBytes(buffer.AsSpan(offset, length));
    }
}
