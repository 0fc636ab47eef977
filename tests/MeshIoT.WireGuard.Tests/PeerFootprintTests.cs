using System;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>What a peer costs in managed memory: 600 of them on a gateway with 512 MB must not matter. Last measured on x64: 1232 bytes idle, 2203 with a session (PortableSuite, no reordering seen).</summary>
[Collection("alone")]
[CollectionDefinition("alone", DisableParallelization = true)]
public class PeerFootprintTests
{
    [Fact]
    public void A_peer_that_never_talked_stays_within_1600_bytes()
    {
        long each = PerPeer(_ => { });
        TestContext.Current.TestOutputHelper?.WriteLine(each + " bytes per idle peer");
        Assert.InRange(each, 500, 1600);
    }

    [Fact]
    public void A_peer_with_a_session_stays_within_2800_bytes()
    {
        long each = PerPeer(peer => peer.Keypairs.InstallAsInitiator(new Keypair(peer, Key(), Key(), true, (uint)peer.ListIndex, 1, 0, 8128)));
        TestContext.Current.TestOutputHelper?.WriteLine(each + " bytes per peer with a session");
        Assert.InRange(each, 500, 2800);
    }

    static AeadKey Key() => new PortableSuite().CreateAeadKey(new byte[32], 0);

    static long PerPeer(Action<WireGuardPeer> use)
    {
        const int Peers = 2000;
        var device = new WireGuardDevice(new SodiumSuite(), new ScriptedRandom(1), new Tai64nClock(0), new byte[32]);
        long before = GC.GetTotalMemory(true);
        for (int i = 0; i < Peers; i++)
        {
            byte[] key = new byte[32];
            BitConverter.TryWriteBytes(key, i + 1);
            use(device.AddPeer(key, null));
        }

        long after = GC.GetTotalMemory(true);
        GC.KeepAlive(device);
        return (after - before) / Peers;
    }
}
