using System.Collections.Generic;
using MeshIoT.Derp;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a relay, a proxy or a coordinator may answer before frames or records begin.</summary>
sealed class DerpHead : FuzzTarget
{
    public override string Name => "derp-head";

    public override IEnumerable<byte[]> Seeds =>
        [Fixed.Ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: DERP\r\nConnection: Upgrade\r\nDerp-Version: 2\r\nDerp-Public-Key: " + new string('0', 64) + "\r\n\r\n"), Fixed.Ascii("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
         Fixed.Ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: tailscale-control-protocol\r\nConnection: upgrade\r\n\r\nrest"), Fixed.Ascii("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nno!")];

    public override void Run(byte[] input)
    {
        if (HttpHead.TryRead(input, out HttpHead? head) && head is not null)
        {
            Promise(head.Length <= input.Length && head.Status is >= 0 and <= 999, "a head longer than what came");
            _ = head.Header("Derp-Public-Key");
        }
    }
}
