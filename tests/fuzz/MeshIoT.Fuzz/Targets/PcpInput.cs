using System;
using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.PortMap.Pcp;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a router may answer to PCP.</summary>
sealed class PcpInput : FuzzTarget
{
    static readonly byte[] Nonce = Fixed.Bytes(1, 12);

    public override string Name => "pcp";

    public override IEnumerable<byte[]> Seeds =>
    [
        [2, 0x81, 0, 0, 0, 0, 0x1c, 0x20, 0, 0, 0, 9, .. new byte[12], .. Nonce, 17, 0, 0, 0, 0xa2, 0xa9, 0xc3, 0x50, .. Fixed.Endpoint("45.66.77.88", 0)[..16]],
        [2, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, .. new byte[12]],
    ];

    public override void Run(byte[] input)
    {
        if (PcpMessage.TryRead(input, Nonce, 41641, out _))
        {
            Promise(input.Length >= 24, "an answer shorter than its header");
        }
    }
}
