using System;
using System.Collections.Generic;
using MeshIoT.Derp;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a relay may send to a client.</summary>
sealed class DerpFramesToClient : FuzzTarget
{
    public override string Name => "derp-client";

    public override IEnumerable<byte[]> Seeds =>
    [
        [.. DerpStream.Frame(0x01, [0x44, 0x45, 0x52, 0x50, 0xF0, 0x9F, 0x94, 0x91, .. Fixed.Bytes(1)]), .. DerpStream.Frame(0x06, []), .. DerpStream.Frame(0x05, Fixed.Bytes(1, 132))],
        [.. DerpStream.Frame(0x08, [.. Fixed.Bytes(1), 1]), .. DerpStream.Frame(0x09, new byte[51]), .. DerpStream.Frame(0x12, new byte[8]), .. DerpStream.Frame(0x14, Fixed.Ascii("slow")), .. DerpStream.Frame(0x15, new byte[8])],
    ];

    public override void Run(byte[] input) => DerpStream.Walk(DerpRole.Client, input, Promise);
}
