using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using MeshIoT.Crypto;
using MeshIoT.WireGuard;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Two devices with a session between them, and the datagrams that made it.</summary>
sealed class WireGuardTunnel
{
    const int InitiationSize = 148, ResponseSize = 92;

    static readonly byte[] NearAddress = [100, 64, 0, 2], FarAddress = [100, 64, 0, 1];

    readonly byte[] buffer = new byte[8192], reply = new byte[8192];
    readonly byte[] mac1Key;
    readonly WireGuardPeer nearOfFar;
    WireGuardDevice far;
    long renewedMs;

    public WireGuardTunnel()
    {
        Near = new WireGuardDevice(Fixed.Suite, Fixed.Random(1), new Tai64nClock(1_800_000_000_000), Fixed.Bytes(1));
        far = new WireGuardDevice(Fixed.Suite, Fixed.Random(2), new Tai64nClock(1_800_000_000_000), Fixed.Bytes(0x21));
        nearOfFar = far.AddPeer(Near.PublicKey, null);
        WireGuardPeer peer = Near.AddPeer(far.PublicKey, null);
        Near.AllowedIPs.Insert(FarAddress, 32, peer);
        Near.AllowedIPs.Insert(System.Net.IPAddress.Parse("fd7a:115c:a1e0::1").GetAddressBytes(), 128, peer);
        far.AllowedIPs.Insert(new byte[4], 0, nearOfFar);
        far.AllowedIPs.Insert(new byte[16], 0, nearOfFar);
        nearOfFar.SetEndpoint(NearEndpoint);
        peer.SetEndpoint(FarEndpoint);
        mac1Key = new byte[32];
        byte[] label = [.. "mac1----"u8, .. Near.PublicKey];
        Blake2s.Hash(label, 0, label.Length, mac1Key, 0);
        Renew();
        Overheard.Add(Seal(Fixed.Packet4(17, Fixed.Bytes(0, 40))));
        Overheard.Add(Seal([]));
    }

    public WireGuardDevice Near { get; }

    public long NowMs { get; set; } = 1_000_000;

    public byte[] NearEndpoint { get; } = Fixed.Endpoint("192.0.2.1", 1);

    public byte[] FarEndpoint { get; } = Fixed.Endpoint("192.0.2.2", 2);

    public List<byte[]> Overheard { get; } = [];

    public static bool IsFromFar(byte[] packet) => packet[0] >> 4 == 4
        ? packet.AsSpan(12, 4).SequenceEqual(FarAddress)
        : packet.AsSpan(8, 16).SequenceEqual(System.Net.IPAddress.Parse("fd7a:115c:a1e0::1").GetAddressBytes());

    /// <summary>Seals a packet at the far end; its length, or 0 when it is none that is sent.</summary>
    public int SealAtFar(byte[] packet, byte[] output)
    {
        if (NowMs - renewedMs > 60_000)
        {
            Renew();
        }

        NowMs++;
        return far.Send(packet, 0, packet.Length, NowMs, output, 0) == DeviceResult.SendToNetwork && far.SentType == MessageType.Transport ? far.Written : 0;
    }

    /// <summary>The first MAC of what looks like a handshake message, as it should be.</summary>
    public void FixMac1(byte[] message)
    {
        if (message.Length is InitiationSize or ResponseSize && message[0] is 1 or 2)
        {
            int at = message.Length - 32;
            Blake2s mac = new(16, mac1Key);
            mac.Update(message, 0, at);
            mac.Finish(message, at);
        }
    }

    byte[] Seal(byte[] packet)
    {
        if (packet.Length == 0)
        {
            nearOfFar.PersistentKeepaliveSeconds = 25;
            while (far.Poll(NowMs, buffer, 0) is var result && result != DeviceResult.SendToNetwork)
            {
                NowMs += 100;
            }

            nearOfFar.PersistentKeepaliveSeconds = 0;
            return buffer[..far.Written];
        }

        return buffer[..SealAtFar(packet, buffer)];
    }

    void Renew()
    {
        NowMs += 6_000;
        renewedMs = NowMs;
        nearOfFar.BeginAnew();
        while (far.Poll(NowMs, buffer, 0) != DeviceResult.SendToNetwork)
        {
            NowMs += 100;
        }

        Overheard.Add(buffer[..far.Written]);
        if (Near.Receive(buffer, 0, far.Written, FarEndpoint, NowMs, reply, 0) != DeviceResult.SendToNetwork)
        {
            throw new CryptographicException($"no answer to the initiation: {Near.LastFault}");
        }

        Overheard.Add(reply[..Near.Written]);
        far.Receive(reply, 0, Near.Written, NearEndpoint, NowMs, buffer, 0);
        while (far.Poll(NowMs, buffer, 0) == DeviceResult.SendToNetwork)
        {
            Near.Receive(buffer, 0, far.Written, FarEndpoint, NowMs, reply, 0);
        }
    }
}
