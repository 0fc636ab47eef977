using System.Collections.Generic;
using MeshIoT.Fuzz.Engine;
using MeshIoT.WireGuard;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Datagrams for a device that has a session. Nothing that was not sealed by the peer may come out.</summary>
sealed class WireGuardDatagram : FuzzTarget
{
    readonly WireGuardTunnel tunnel = new();
    readonly byte[] output = new byte[8192];
    readonly HashSet<string> genuine = [];

    public override string Name => "wireguard-datagram";

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (byte[] datagram in tunnel.Overheard)
            {
                genuine.Add(System.Convert.ToHexString(datagram));
                yield return datagram;
            }
        }
    }

    public override void Run(byte[] input)
    {
        // Without the first MAC nothing is looked at further: it is put right, as whoever knows the public key can.
        tunnel.NowMs += 30;
        tunnel.FixMac1(input);
        byte[] copy = [.. input];
        DeviceResult result = tunnel.Near.Receive(copy, 0, copy.Length, tunnel.FarEndpoint, tunnel.NowMs, output, 0);
        Promise(result != DeviceResult.DeliverToHost || genuine.Contains(System.Convert.ToHexString(input)), "something came out that the peer did not seal");
        while (tunnel.Near.Poll(tunnel.NowMs, output, 0) != DeviceResult.Done)
        {
            // As many as are due.
        }
    }
}
