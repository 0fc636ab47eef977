using System;
using MeshIoT.Crypto;
using MeshIoT.WireGuard;

namespace MeshIoT.Bench;

/// <summary>Two devices that know each other, on a clock that the bench moves.</summary>
sealed class DevicePair
{
    static readonly byte[] Endpoint = new byte[18];

    public DevicePair(CryptoSuite suite)
    {
        var random = new SystemRandomSource();
        byte[] key = new byte[32];
        random.Fill(key, 0, 32);
        Initiator = new WireGuardDevice(suite, random, new Tai64nClock(0), key);
        random.Fill(key, 0, 32);
        Responder = new WireGuardDevice(suite, random, new Tai64nClock(0), key);
        ToResponder = Initiator.AddPeer(Responder.PublicKey, null);
        ToInitiator = Responder.AddPeer(Initiator.PublicKey, null);
        Initiator.AllowedIPs.Insert([10, 0, 0, 2], 32, ToResponder);
        Responder.AllowedIPs.Insert([10, 0, 0, 1], 32, ToInitiator);
    }

    public WireGuardDevice Initiator { get; }

    public WireGuardDevice Responder { get; }

    public WireGuardPeer ToResponder { get; }

    public WireGuardPeer ToInitiator { get; }

    public long NowMs { get; private set; }

    public byte[] First { get; } = new byte[2048];

    public byte[] Second { get; } = new byte[2048];

    /// <summary>Moves the clock beyond the least distance of two initiations and writes one into <see cref="First"/>.</summary>
    public void Initiate()
    {
        NowMs += 6000;
        ToResponder.RequestHandshake();
        Expect(Initiator.Poll(NowMs, First, 0), DeviceResult.SendToNetwork);
    }

    /// <summary>Initiation, response, and the keepalive that confirms the session.</summary>
    public void Shake()
    {
        Initiate();
        Expect(Responder.Receive(First, 0, Initiator.Written, Endpoint, NowMs, Second, 0), DeviceResult.SendToNetwork);
        Expect(Initiator.Receive(Second, 0, Responder.Written, Endpoint, NowMs, First, 0), DeviceResult.Done);
        Expect(Initiator.Poll(NowMs, First, 0), DeviceResult.SendToNetwork);
        Expect(Responder.Receive(First, 0, Initiator.Written, Endpoint, NowMs, Second, 0), DeviceResult.Done);
    }

    public static byte[] Source => Endpoint;

    public static void Expect(DeviceResult result, DeviceResult wanted)
    {
        if (result != wanted)
        {
            throw new InvalidOperationException("the bench went off the rails: " + result);
        }
    }
}
