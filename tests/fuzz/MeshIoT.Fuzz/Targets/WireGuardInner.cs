using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.WireGuard;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Anything inside a genuine tunnel: what a peer may send, and what the host may hand over. Only packets from the peer's own addresses come out.</summary>
sealed class WireGuardInner : FuzzTarget
{
    readonly WireGuardTunnel tunnel = new();
    readonly byte[] sealedBytes = new byte[8192], output = new byte[8192];

    public override string Name => "wireguard-inner";

    public override int MostBytes => 1400;

    public override IEnumerable<byte[]> Seeds => [Fixed.Packet4(17, Fixed.Bytes(0, 30)), Fixed.Packet6(17, Fixed.Bytes(0, 30)), Fixed.Packet4(6, Fixed.Bytes(7, 40))];

    public override void Run(byte[] input)
    {
        // The far side is told that everything is the near one's, so that it seals whatever it is given.
        if (tunnel.SealAtFar(input, sealedBytes) is var length && length == 0)
        {
            return;
        }

        DeviceResult result = tunnel.Near.Receive(sealedBytes, 0, length, tunnel.FarEndpoint, tunnel.NowMs, output, 0);
        if (result == DeviceResult.DeliverToHost)
        {
            // Sealed packets are padded with zeros to a multiple of sixteen; an IP header may claim some of that.
            Promise(tunnel.Near.Written <= (input.Length + 15) / 16 * 16 && tunnel.Near.Written >= 20, "a packet of a length that it had not");
            Promise(WireGuardTunnel.IsFromFar(output), "a packet from an address that is not the peer's");
        }
    }
}
