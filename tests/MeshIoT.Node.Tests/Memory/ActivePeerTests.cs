using System;
using System.Linq;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.Node.Engine;
using Xunit;

namespace MeshIoT.Node.Tests.Memory;

/// <summary>Of a thousand configured peers those cost memory that talk, and only while they do: what an active one costs, and that it goes again.</summary>
[Collection("measures memory")]
public class ActivePeerTests
{
    const int Configured = 1_000, Active = 100;

    // Managed bytes that a peer with a session and a path gives back. Last measured on x64: 2,135 to 2,300.
    const int Budget = 4_096;

    static PeerPlan Silent(int n) => new()
    {
        Key = NodePublicKey.FromBytes([.. BitConverter.GetBytes(n), .. new byte[27], 9]),
        DiscoKey = DiscoPublicKey.FromBytes([.. BitConverter.GetBytes(n), .. new byte[27], 8]),
        AllowedIPs = [new IPNetwork(new IPAddress([100, 70, (byte)(n >> 8), (byte)n]), 32)],
        OwnCount = 1,
        Candidates = Endpoints.FromIPEndPoint(new IPEndPoint(IPAddress.Parse("203.0.113.1"), n + 1)),
    };

    [Fact]
    public void A_hundred_active_peers_of_a_thousand_cost_what_they_need_and_go_when_they_are_silent()
    {
        MemoryNetwork network = new();
        using MemoryNode gateway = new(network, 1, 10, "192.168.1.1");
        MemoryNode[] others = [.. Enumerable.Range(2, Active).Select(n => new MemoryNode(network, n, Configured, $"192.168.1.{n}"))];
        try
        {
            foreach (MemoryNode other in others)
            {
                other.Know(gateway.AsPeer());
                other.Engine.Step(network.NowMs);
            }

            gateway.Know([.. others.Select(static other => other.AsPeer()), .. Enumerable.Range(0, Configured - Active).Select(Silent)]);
            gateway.Engine.Step(network.NowMs);
            Assert.Equal(0, gateway.Engine.SlotCount);

            foreach (MemoryNode other in others)
            {
                other.Host.Send(other.PacketTo(gateway, 200));
                Settle(network, gateway, other);
            }

            Assert.Equal(Active, gateway.Engine.SlotCount);
            // All of them begin to count with 0.
            Assert.Equal(Active, gateway.Host.Delivered + gateway.Host.Wrong);
            foreach (MemoryNode other in others)
            {
                gateway.Host.Send(gateway.PacketTo(other, 200));
                Settle(network, gateway, other);
                Assert.Equal(1, other.Host.Delivered);
            }

            // From here on the others are gone, and so only the gateway's memory changes.
            Array.ForEach(others, static other => other.Port.Leave());
            long active = GC.GetTotalMemory(forceFullCollection: true);
            for (int minute = 0; minute < 14; minute++)
            {
                for (int step = 0; step < 60; step++)
                {
                    network.Advance(1_000);
                    while (gateway.Engine.Step(network.NowMs))
                    {
                    }
                }
            }

            Assert.Equal(0, gateway.Engine.SlotCount);
            long each = (active - GC.GetTotalMemory(forceFullCollection: true)) / Active;
            TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes per active peer");
            Assert.InRange(each, 500, Budget);
            Assert.True(gateway.Engine.WaitMs(network.NowMs) > 1_000_000_000, "silent peers need no attention");
            GC.KeepAlive(others);
        }
        finally
        {
            Array.ForEach(others, static other => other.Dispose());
        }
    }

    static void Settle(MemoryNetwork network, MemoryNode one, MemoryNode other)
    {
        for (int i = 0; i < 8; i++)
        {
            while (one.Engine.Step(network.NowMs) | other.Engine.Step(network.NowMs))
            {
            }
        }
    }
}
