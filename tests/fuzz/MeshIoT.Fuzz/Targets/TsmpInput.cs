using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Node.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Packets that the engine reads itself: TSMP, and what it looks at to know whether an answer will come.</summary>
sealed class TsmpInput : FuzzTarget
{
    readonly byte[] output = new byte[256];

    public override string Name => "tsmp";

    public override IEnumerable<byte[]> Seeds =>
    [
        Fixed.Packet4(IPPacket.Tsmp, [(byte)'p', .. Fixed.Bytes(1, 8)]), Fixed.Packet4(IPPacket.Tsmp, [(byte)'o', .. Fixed.Bytes(1, 8), 0, 80]),
        Fixed.Packet6(IPPacket.Tsmp, [(byte)'a', .. Fixed.Bytes(1)]), Fixed.Packet4(6, [0, 9, 0, 22, .. new byte[16]]), Fixed.Packet6(58, [128, 0, 0, 0, 0, 0, 0, 0]),
    ];

    public override void Run(byte[] input)
    {
        if (!IPPacket.TryRead(input, out IPPacket packet))
        {
            return;
        }

        int length = Tsmp.TryReply(packet, output);
        Promise(length <= input.Length + 16 && (length == 0 || packet.Payload[0] == 'p'), "an answer to what is no ping, or a longer one");
        Tsmp.TryReadPong(packet, Fixed.Bytes(1, 8), out _);
        Tsmp.TryReadDiscoKey(packet, out _);
        AnswerExpectation.Of(packet);
    }
}
