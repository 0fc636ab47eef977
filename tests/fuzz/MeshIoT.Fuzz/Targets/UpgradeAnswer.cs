using System.Collections.Generic;
using MeshIoT.Control;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a coordinator may answer to the upgrade.</summary>
sealed class UpgradeAnswer : FuzzTarget
{
    public override string Name => "ts2021-answer";

    public override IEnumerable<byte[]> Seeds =>
        [Fixed.Ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: tailscale-control-protocol\r\nConnection: upgrade\r\n\r\nrest"), Fixed.Ascii("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nno!")];

    public override void Run(byte[] input) => UpgradeResponse.TryRead(input, out _);
}
