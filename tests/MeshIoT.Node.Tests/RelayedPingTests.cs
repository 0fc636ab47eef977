using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Disco;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>Pings between two engines that have a relay, and a direct path or not: each answer names the way it came.</summary>
public sealed class RelayedPingTests : IDisposable
{
    const int Mesh = 900;

    readonly EngineHarness gateway = new(1), reader = new(2);
    readonly UdpPort nobody = UdpPort.Open(IPAddress.Loopback, 0);
    long now = 1_000_000;

    public RelayedPingTests()
    {
        gateway.Engine.UseRelays(new Cord(gateway, reader));
        reader.Engine.UseRelays(new Cord(reader, gateway));
    }

    public void Dispose()
    {
        gateway.Dispose();
        reader.Dispose();
        nobody.Dispose();
    }

    byte[] Nowhere => Endpoints.FromIPEndPoint(new IPEndPoint(IPAddress.Loopback, nobody.LocalPort));

    void Settle() => EngineHarness.Settle(now, gateway, reader);

    // Each thinks that the other is where it is not.
    void MeetByRelay()
    {
        gateway.Know(reader.AsPeer(Nowhere) with { Home = Mesh });
        reader.Know(gateway.AsPeer(Nowhere) with { Home = Mesh });
    }

    async Task<PingAnswer> PingAsync(PingRequest ping)
    {
        reader.Engine.Post(ping);
        Settle();
        return await ping.Done.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Where_no_endpoint_answers_the_relay_does()
    {
        MeetByRelay();
        Assert.Equal(RelayEndpoint.Of(Mesh), (await PingAsync(new PathRequest(gateway.Address))).Endpoint);
        Assert.Equal(RelayEndpoint.Of(Mesh), (await PingAsync(new TsmpRequest(gateway.Address, "12345678"u8.ToArray()))).Endpoint);
        PathFacts facts = reader.Engine.FactsOf(gateway.Address, now)!;
        Assert.Equal((null, Mesh, Mesh, true, -1L), (facts.Direct, facts.Region, facts.Reached, facts.HomeIsConnected, facts.TrustLeftMs));
        Assert.True(facts.Candidates.Single(candidate => candidate.Endpoint.SequenceEqual(Nowhere)) is { AnsweredAgoMs: -1, PingedAgoMs: >= 0 });
    }

    [Fact]
    public async Task A_direct_path_that_is_sure_is_pinged_alone()
    {
        gateway.Know(reader.AsPeer() with { Home = Mesh });
        reader.Know(gateway.AsPeer() with { Home = Mesh });
        await PingAsync(new TsmpRequest(gateway.Address, "12345678"u8.ToArray()));
        long before = reader.Engine.RelayedOut;
        Assert.Equal(gateway.Endpoint, (await PingAsync(new PathRequest(gateway.Address))).Endpoint);
        Assert.Equal(gateway.Endpoint, (await PingAsync(new TsmpRequest(gateway.Address, "87654321"u8.ToArray()))).Endpoint);
        Assert.Equal(before, reader.Engine.RelayedOut);
        PathFacts facts = reader.Engine.FactsOf(gateway.Address, now)!;
        Assert.Equal(gateway.Endpoint, facts.Direct);
        Assert.Equal(0, facts.Region);
        Assert.InRange(facts.TrustLeftMs, 1, 6_500);
    }

    [Fact]
    public async Task A_pong_by_relay_is_told_as_one_though_a_direct_path_is_still_remembered()
    {
        gateway.Know(reader.AsPeer() with { Home = Mesh });
        reader.Know(gateway.AsPeer() with { Home = Mesh });
        await PingAsync(new TsmpRequest(gateway.Address, "12345678"u8.ToArray()));

        // The network between the two breaks.
        now += 8_000;
        TsmpRequest ping = new(gateway.Address, "87654321"u8.ToArray());
        reader.Engine.Post(ping);
        reader.Engine.Step(now);
        Lose(gateway);
        gateway.Engine.Step(now);
        Lose(reader);
        reader.Engine.Step(now);
        Assert.Equal(RelayEndpoint.Of(Mesh), (await ping.Done.WaitAsync(TimeSpan.FromSeconds(10))).Endpoint);
    }

    static void Lose(EngineHarness harness)
    {
        while (harness.Port.Receive(new byte[2000], new byte[18]) >= 0)
        {
            // Whatever came directly.
        }
    }

    /// <summary>A relay that knows two nodes and delivers at once.</summary>
    sealed class Cord(EngineHarness from, EngineHarness to) : DerpSender
    {
        public override bool Send(int region, NodePublicKey destination, ReadOnlySpan<byte> packet, bool more = false)
        {
            if (region != Mesh || destination != to.Key.PublicKey)
            {
                return false;
            }

            byte[] buffer = new byte[DerpFrames.KeySize + packet.Length];
            from.Key.PublicKey.CopyTo(buffer);
            packet.CopyTo(buffer.AsSpan(DerpFrames.KeySize));
            DerpBatch batch = new(buffer, null);
            batch.Start(region);
            batch.Add(new DerpPacket(DerpFrames.KeySize, packet.Length));
            to.Engine.Relayed.Receive(batch);
            return true;
        }

        public override void Flush()
        {
        }

        public override bool IsConnected(int region) => region == Mesh;
    }
}
