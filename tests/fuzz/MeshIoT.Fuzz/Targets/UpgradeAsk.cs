using System.Collections.Generic;
using MeshIoT.Coordinator;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a client may ask for the upgrade.</summary>
sealed class UpgradeAsk : FuzzTarget
{
    public override string Name => "ts2021-request";

    public override IEnumerable<byte[]> Seeds =>
        [Fixed.Ascii("POST /ts2021 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: upgrade\r\nUpgrade: tailscale-control-protocol\r\nX-Tailscale-Handshake: AIoBAGBk\r\nContent-Length: 0\r\n\r\nrest")];

    public override void Run(byte[] input)
    {
        if (UpgradeRequest.TryRead(input, out UpgradeRequest? request) == UpgradeReading.Complete)
        {
            Promise(request!.HeadLength <= input.Length, "a head longer than what came");
        }
    }
}
