using System.Collections.Generic;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>The example of the project's README, compiled and run.</summary>
public class ReadmeExampleTests
{
    readonly List<(byte[] Bytes, byte[]? Endpoint)> network = [];
    readonly List<byte[]> host = [];

    void Send(byte[] output, int written, byte[]? endpoint) => network.Add((output[..written], endpoint));

    void Deliver(byte[] output, int written) => host.Add(output[..written]);

    [Fact]
    public void The_loop_of_the_readme_sends_the_initiation_for_a_first_packet()
    {
        byte[] privateKey = new byte[32], peerKey = new byte[32], endpoint18 = TestNode.EndpointOf("192.0.2.7", 41641), output = new byte[2048];
        new SystemRandomSource().Fill(privateKey, 0, 32);
        new SodiumSuite().PublicKey([5, .. new byte[31]], peerKey);
        byte[] packet = InnerPackets.Create("100.64.0.1", "100.64.0.2", 10);
        long nowMs = 0;
        var clock = new Tai64nClock(0);

        var device = new WireGuardDevice(new SodiumSuite(), new SystemRandomSource(), clock, privateKey);
        WireGuardPeer peer = device.AddPeer(peerKey, null);
        device.AllowedIPs.Insert(new byte[] { 100, 64, 0, 2 }, 32, peer);
        peer.SetEndpoint(endpoint18);

        // Done after Send means that the packet waits: only Poll knows what comes first.
        DeviceResult result = device.Send(packet, 0, packet.Length, nowMs, output, 0);
        do
        {
            if (result == DeviceResult.SendToNetwork) { Send(output, device.Written, device.Endpoint); }
            if (result == DeviceResult.DeliverToHost) { Deliver(output, device.Written); }
            result = device.Poll(nowMs, output, 0);
        }
        while (result != DeviceResult.Done);

        (byte[] bytes, byte[]? endpoint) = Assert.Single(network);
        Assert.Equal((148, 1), (bytes.Length, bytes[0]));
        Assert.Equal(endpoint18, endpoint);
        Assert.Empty(host);
        Assert.InRange(device.NextWakeMs, 5000, 5333);
    }
}
