using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Relay;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a relay is asked before frames begin.</summary>
sealed class RelayRequest : FuzzTarget
{
    public override string Name => "relay-request";

    public override IEnumerable<byte[]> Seeds =>
    [
        Fixed.Ascii("GET /derp HTTP/1.1\r\nHost: relay\r\nUpgrade: DERP\r\nConnection: Upgrade\r\nDerp-Fast-Start: 1\r\nIdeal-Node: 1a\r\n\r\n"),
        Fixed.Ascii("GET /generate_204?x=1 HTTP/1.1\r\nX-Tailscale-Challenge: abc.DEF-1\r\nContent-Length: 0\r\n\r\n"), Fixed.Ascii("GET /bootstrap-dns?q=a HTTP/1.0\r\nConnection: close\r\n\r\n"),
    ];

    public override void Run(byte[] input) => RequestHead.TryRead(input);
}
