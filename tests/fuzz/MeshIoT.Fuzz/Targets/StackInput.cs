using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.NetStack;

namespace MeshIoT.Fuzz.Targets;

/// <summary>IP packets for a stack that listens, with checksums put right, so that what lies behind them is reached.</summary>
sealed class StackInput : FuzzTarget
{
    static readonly byte[] Self4 = [100, 64, 0, 2], Self6 = System.Net.IPAddress.Parse("fd7a:115c:a1e0::2").GetAddressBytes();

    readonly byte[] output = new byte[2048];
    NetStack.NetStack stack = Busy();
    long nowMs = 1_000, inputs;

    public override string Name => "stack";

    public override int MostBytes => 1400;

    // A socket with its buffers may be born.
    public override long MostAllocated => 512 * 1024;

    public override IEnumerable<byte[]> Seeds =>
    [
        Fixed.Packet4(1, [8, 0, 0, 0, 0, 1, 0, 1, .. Fixed.Bytes(0, 20)]), Fixed.Packet6(58, [128, 0, 0, 0, 0, 1, 0, 1, .. Fixed.Bytes(0, 20)]),
        Fixed.Packet4(17, [0x11, 0x11, 0x13, 0x88, 0, 28, 0, 0, .. Fixed.Bytes(0, 20)]), Fixed.Packet6(17, [0x11, 0x11, 0x13, 0x88, 0, 28, 0, 0, .. Fixed.Bytes(0, 20)]),
        Fixed.Packet4(6, Segment(0x02, [2, 4, 4, 0, 1, 3, 3, 2, 1, 1, 4, 2])), Fixed.Packet6(6, Segment(0x02, [2, 4, 4, 0])),
        Fixed.Packet4(6, Segment(0x10, [1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9])), Fixed.Packet4(6, Segment(0x18, [], 40)), Fixed.Packet4(6, Segment(0x04, [])), Fixed.Packet4(6, Segment(0x11, [])),
        Fixed.Packet4(1, [3, 4, 0, 0, 0, 0, 5, 0, .. Fixed.Packet4(6, Segment(0x10, []))]), Fixed.Packet6(58, [2, 0, 0, 0, 0, 0, 5, 0, .. Fixed.Packet6(6, Segment(0x10, []))]),
        Fixed.Packet6(0, [6, 0, 1, 4, 0, 0, 0, 0, .. Segment(0x02, [])]), Fixed.Packet6(44, [17, 0, 0, 1, 0, 0, 0, 9, .. Fixed.Bytes(0, 16)]),
    ];

    public override void Run(byte[] input)
    {
        if (++inputs % 5_000 == 0)
        {
            stack = Busy();
        }

        byte[] packet = [.. input];
        PutRight(packet);
        stack.Input(packet, 0, packet.Length, nowMs);
        int answers = 0;
        while (stack.Poll(nowMs, output, 0) is var length && length > 0)
        {
            Promise(length <= 1280, "an answer longer than the MTU");
            Promise(++answers < 64, "answers without end");
        }

        nowMs += 7;
    }

    static NetStack.NetStack Busy()
    {
        NetStack.NetStack stack = new(Fixed.Random(3), 1280);
        stack.AddAddress(Self4);
        stack.AddAddress(Self6);
        stack.Listen(80, 4, null);
        stack.OpenUdp(5000, null);
        return stack;
    }

    static byte[] Segment(byte flags, byte[] options, int payload = 0) =>
        [0x40, 0, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, (byte)((5 + (options.Length / 4)) << 4), flags, 0x20, 0, 0, 0, 0, 0, .. options, .. new byte[payload]];

    // Checksums as whoever sends would compute them.
    static void PutRight(byte[] packet)
    {
        if (packet.Length >= 20 && packet[0] == 0x45)
        {
            Fixed.Checksum(packet, 0, 20, 10);
            Transport(packet, 20, packet[9], 12, 8);
        }
        else if (packet.Length >= 40 && packet[0] >> 4 == 6)
        {
            Transport(packet, 40, packet[6], 8, 32);
        }
    }

    static void Transport(byte[] packet, int at, byte protocol, int addressesAt, int addresses)
    {
        int length = packet.Length - at, place = protocol switch { 1 or 58 => 2, 6 => 16, 17 => 6, _ => -1 };
        if (place < 0 || length < place + 2)
        {
            return;
        }

        uint sum = protocol == 1 ? 0 : (uint)(protocol + length);
        for (int i = 0; protocol != 1 && i < addresses; i += 2)
        {
            sum += (uint)((packet[addressesAt + i] << 8) | packet[addressesAt + i + 1]);
        }

        Fixed.Checksum(packet, at, length, at + place, sum);
    }
}
