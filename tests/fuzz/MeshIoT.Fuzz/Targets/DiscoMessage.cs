using System;
using System.Collections.Generic;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a genuine peer may seal: any plaintext at all, by UDP or relay. The first byte of the input says which.</summary>
sealed class DiscoMessage : FuzzTarget
{
    readonly DiscoSide side = new();
    readonly byte[] shared = new byte[32], datagram = new byte[9000];

    public DiscoMessage() => NaClBox.Precompute(Fixed.Suite, side.Peer.Bytes.ToArray(), side.Own.ToArray(), shared);

    public override string Name => "disco-message";

    public override int MostBytes => 3000;

    public override IEnumerable<byte[]> Seeds =>
    [
        [0, 1, 0, .. Fixed.Bytes(1, 12), .. Fixed.Bytes(5)], [1, 1, 0, .. Fixed.Bytes(1, 12)], [0, 2, 0, .. Fixed.Bytes(1, 12), .. Fixed.Endpoint("192.0.2.9", 9)],
        [1, 3, 0, .. Fixed.Endpoint("192.0.2.9", 9), .. Fixed.Endpoint("2001:db8::1", 9), .. Fixed.Endpoint("10.0.0.1", 1)], [0, 4, 0, .. new byte[72]],
    ];

    public override void Run(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        side.NowMs += 40;
        byte[] plain = input[1..];
        int length = 78 + plain.Length;
        DiscoDatagram.Magic.CopyTo(datagram);
        side.Peer.PublicKey.CopyTo(datagram.AsSpan(6));
        NaClBox.Seal(shared, datagram, 38, plain, 0, plain.Length, datagram, 62);
        long before = side.SentBytes;
        bool byRelay = (input[0] & 1) != 0;
        DiscoFault fault = byRelay
            ? side.Device.ReceiveByRelay(datagram, length, 900, side.PeerNode, side.NowMs)
            : side.Device.Receive(datagram, length, Fixed.Endpoint("198.51.100.1", input[0]), side.NowMs);
        Promise(fault != DiscoFault.Forged, "a genuine box did not open");
        Promise(side.Known.Best is null, "a pong that nobody asked for counted");

        // A ping has one pong and, from a new place, one ping; a call has at most so many pings.
        Promise(side.SentBytes - before <= DiscoDevice.MostCalled * 2 * 130, "an answer out of all proportion");
        side.Device.Poll(side.NowMs);
    }
}
