using System.Collections.Generic;
using MeshIoT.Derp;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a client or another relay may send to a relay.</summary>
sealed class DerpFramesToRelay : FuzzTarget
{
    public override string Name => "derp-relay";

    public override IEnumerable<byte[]> Seeds =>
    [
        [.. DerpStream.Frame(0x04, Fixed.Bytes(1, 100)), .. DerpStream.Frame(0x07, [1]), .. DerpStream.Frame(0x12, new byte[8]), .. DerpStream.Frame(0x13, new byte[8])],
        [.. DerpStream.Frame(0x0a, Fixed.Bytes(1, 100)), .. DerpStream.Frame(0x10, []), .. DerpStream.Frame(0x11, new byte[32])],
    ];

    public override void Run(byte[] input) => DerpStream.Walk(DerpRole.Server, input, Promise);
}
