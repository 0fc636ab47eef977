using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard.Tests;

/// <summary>One end of a test tunnel: a device, its random source, the address it sends from, and what reached its host.</summary>
sealed class TestNode
{
    public TestNode(int number, CryptoSuite suite, DeviceLimits? limits = null)
    {
        Number = number;
        Random = new ScriptedRandom(1000 + number);
        Suite = new RecordingSuite(suite);
        PrivateKey = new byte[32];
        for (int i = 0; i < 32; i++)
        {
            PrivateKey[i] = (byte)((number * 32) + i + 1);
        }

        Device = new WireGuardDevice(Suite, Random, Clock, PrivateKey, limits ?? new DeviceLimits());
        Endpoint = EndpointOf("192.0.2." + (number + 1), 51820);
    }

    public int Number { get; }

    public ScriptedRandom Random { get; }

    public RecordingSuite Suite { get; }

    public byte[] PrivateKey { get; }

    public Tai64nClock Clock { get; } = new(1_700_000_000_000);

    public WireGuardDevice Device { get; private set; }

    public byte[] Endpoint { get; set; }

    public List<byte[]> Delivered { get; } = [];

    public string Address => "10.0.0." + (Number + 1);

    public string Address6 => "fd00::" + (Number + 1);

    public WireGuardPeer PeerOf(TestNode other) => Device.FindPeer(other.Device.PublicKey)!;

    public void Trust(TestNode other, byte[]? presharedKey = null)
    {
        WireGuardPeer peer = Device.AddPeer(other.Device.PublicKey, presharedKey);
        Device.AllowedIPs.Insert(IPAddress.Parse(other.Address).GetAddressBytes(), 32, peer);
        Device.AllowedIPs.Insert(IPAddress.Parse(other.Address6).GetAddressBytes(), 128, peer);
        peer.SetEndpoint(other.Endpoint);
    }

    /// <summary>Power loss: a new device with the same keys and the same clock, and no memory.</summary>
    public void Restart() => Device = new WireGuardDevice(Suite, Random, Clock, PrivateKey);

    public static byte[] EndpointOf(string address, int port)
    {
        byte[] endpoint = new byte[18];
        IPAddress.Parse(address).MapToIPv6().GetAddressBytes().CopyTo(endpoint, 0);
        endpoint[16] = (byte)(port >> 8);
        endpoint[17] = (byte)port;
        return endpoint;
    }
}
