using System.Collections.Generic;
using MeshIoT.Disco;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Disco datagrams of somebody without the peer's key: none counts, and nothing is sent because of one.</summary>
sealed class DiscoDatagramInput : FuzzTarget
{
    readonly DiscoSide side = new();

    public override string Name => "disco-datagram";

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] header = [.. DiscoDatagram.Magic, .. new byte[32]];
            side.Peer.PublicKey.CopyTo(System.MemoryExtensions.AsSpan(header, 6));
            yield return [.. header, .. Fixed.Bytes(1, 24), .. new byte[62]];
            yield return [.. header, .. Fixed.Bytes(1, 24), .. new byte[16]];
        }
    }

    public override void Run(byte[] input)
    {
        side.NowMs += 30;
        long before = side.Sent;
        DiscoFault fault = side.Device.Receive(input, input.Length, Fixed.Endpoint("192.0.2.7", 7), side.NowMs);
        Promise(fault != DiscoFault.None && side.Sent == before && side.Known.Best is null, "a forged datagram had an effect");
    }
}
