using System;
using System.Collections.Generic;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Fuzz.Engine;

namespace MeshIoT.Fuzz.Targets;

/// <summary>What a client may seal as its introduction, and a relay as its own: any text at all.</summary>
sealed class DerpInfo : FuzzTarget, IDisposable
{
    readonly NodePrivateKey relay = NodePrivateKey.Generate(Fixed.Random(1)), client = NodePrivateKey.Generate(Fixed.Random(2));
    readonly byte[] shared = new byte[32];

    public DerpInfo() => NaClBox.Precompute(Fixed.Suite, client.Bytes.ToArray(), relay.PublicKey.ToArray(), shared);

    public override string Name => "derp-info";

    public override IEnumerable<byte[]> Seeds =>
        [Fixed.Ascii("{\"version\":2,\"CanAckPings\":true,\"meshKey\":\"" + new string('a', 64) + "\",\"IsProber\":false,\"AppName\":\"x\"}"), Fixed.Ascii("{\"version\":2,\"TokenBucketBytesPerSecond\":1000,\"TokenBucketBytesBurst\":70000}")];

    public override void Run(byte[] input)
    {
        byte[] box = new byte[24 + 16 + input.Length];
        NaClBox.Seal(shared, box, 0, input, 0, input.Length, box, 24);
        using ServerHandshake server = new(Fixed.Suite, Fixed.Random(5), relay);
        byte[] info = [.. client.PublicKey.ToArray(), .. box];
        HandshakeFault fault = server.ReceiveClientInfo(info);
        Promise(fault is HandshakeFault.None or HandshakeFault.Malformed, "a genuine box did not open");
        Promise(fault != HandshakeFault.None || server.Client is not null, "nothing behind a right introduction");
        using ClientHandshake asked = new(Fixed.Suite, Fixed.Random(6), client);
        asked.Start(relay.PublicKey);
        asked.ReceiveServerInfo(box);
    }

    public void Dispose()
    {
        relay.Dispose();
        client.Dispose();
    }
}
