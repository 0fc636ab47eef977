using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using Xunit;

namespace MeshIoT.Relay.Tests;

/// <summary>Who comes in, and who does not.</summary>
public class HandshakeTests
{
    static NodePrivateKey NewKey() => NodePrivateKey.Generate(new SystemRandomSource());

    [Fact]
    public async Task A_node_comes_in_by_TLS_with_the_certificate_that_the_pin_names()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = new(relay.Server.Listening);
        Assert.Equal(relay.Pin, "sha256-raw:" + client.Secure());
        client.Upgrade();
        Assert.Equal(relay.Server.PublicKey, client.RelayKey);
        Assert.Equal(2, client.Prove(NewKey()).Version);
        client.ExpectNothing();
        Assert.Equal(1, relay.Server.Clients);
    }

    [Fact]
    public async Task A_fast_start_gets_frames_at_once_and_no_http()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = new(relay.Server.Listening);
        client.Secure();
        client.Upgrade("Derp-Fast-Start: 1\r\n", fastStart: true);
        client.Prove(NewKey());
        client.ExpectNothing();
    }

    [Fact]
    public async Task The_answer_to_an_upgrade_has_the_four_headers()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Connect();
        client.Send("GET /derp HTTP/1.1\r\nHost: x\r\nUpgrade: derp\r\nConnection: upgrade\r\n\r\n");
        string head = client.ReadHead();
        Assert.Equal(
            ["HTTP/1.1 101 Switching Protocols", "Upgrade: DERP", "Connection: Upgrade", "Derp-Version: 2", "Derp-Public-Key: " + relay.Server.PublicKey.ToString()["nodekey:".Length..]],
            head.Split("\r\n").Where(l => l.Length > 0));
    }

    [Fact]
    public async Task Whoever_cannot_open_the_box_of_the_key_it_names_is_closed()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Connect();
        client.Upgrade();
        using ClientHandshake handshake = new(new SodiumSuite(), new SystemRandomSource(), NewKey());
        handshake.Start(client.RelayKey);
        byte[] info = handshake.WriteClientInfo(new ClientInfo());
        NewKey().PublicKey.CopyTo(info.AsSpan(DerpFrames.HeaderSize));
        client.Send(info);
        client.ExpectClosed();
        Assert.Equal(0, relay.Server.Clients);
    }

    [Fact]
    public async Task A_client_info_that_was_shown_before_is_not_taken_again()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient honest = relay.Join(), thief = relay.Connect();
        thief.Upgrade();
        thief.Send(honest.Info);
        thief.ExpectClosed();
        honest.ExpectNothing();
        Assert.Equal(1, relay.Figure("replayed_total"));
        Assert.Equal(1, relay.Server.Clients);
    }

    [Theory]
    [InlineData(FrameType.ClientInfo, 300_000u)]
    [InlineData(FrameType.ClientInfo, uint.MaxValue)]
    [InlineData(FrameType.ClientInfo, 10u)]
    [InlineData(FrameType.SendPacket, 100u)]
    [InlineData(FrameType.Ping, 8u)]
    public async Task Anything_but_a_sensible_client_info_first_ends_the_connection(FrameType type, uint length)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Connect();
        client.Upgrade();
        client.SendFrame(type, new byte[Math.Min(length, 100)], length);
        client.ExpectClosed();
    }

    [Fact]
    public async Task Who_stops_in_the_middle_of_a_step_is_closed_after_ten_seconds()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient silent = relay.Connect(), asking = relay.Connect(), proving = relay.Connect(), greeting = new(relay.Server.Listening);
        asking.Send("GET /derp HTTP/1.1\r\nUpgr");
        proving.Upgrade();
        proving.SendFrame(FrameType.ClientInfo, new byte[20], 100);
        greeting.Send([0x16, 0x03, 0x01, 0x02]);
        await TestRelay.UntilAsync(() => relay.Figure("connections") == 4, "four connections");
        await relay.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.Equal(4, relay.Figure("connections"));
        await relay.AdvanceAsync(TimeSpan.FromSeconds(11));
        await TestRelay.UntilAsync(() => relay.Figure("connections") == 0, "all are closed");
        Assert.All([silent, asking, proving, greeting], c => c.ExpectClosed());
    }

    [Fact]
    public async Task A_key_that_is_not_admitted_is_closed_before_it_gets_the_relays_info()
    {
        NodePrivateKey member = NewKey();
        await using TestRelay relay = await TestRelay.StartAsync(admission: new NodeList(key => key == member.PublicKey));
        using ScriptedClient inside = relay.Join(member), outside = relay.Connect();
        outside.Upgrade();
        using ClientHandshake handshake = new(new SodiumSuite(), new SystemRandomSource(), NewKey());
        handshake.Start(outside.RelayKey);
        outside.Send(handshake.WriteClientInfo(new ClientInfo()));
        outside.ExpectClosed();
        Assert.Equal((1, 1), (relay.Server.Clients, relay.Figure("not_admitted_total")));
        inside.ExpectNothing();
    }

    [Fact]
    public async Task While_somebody_is_asked_what_a_client_sends_waits_and_is_passed_on_later()
    {
        TaskCompletionSource<bool> answer = new();
        NodePrivateKey known = NewKey();
        await using TestRelay relay = await TestRelay.StartAsync(admission: new Asked(key => key == known.PublicKey ? Task.FromResult(true) : answer.Task));
        using ScriptedClient receiver = relay.Join(known), sender = relay.Connect();
        sender.Upgrade();
        using NodePrivateKey key = NewKey();
        using ClientHandshake handshake = new(new SodiumSuite(), new SystemRandomSource(), key);
        handshake.Start(sender.RelayKey);
        sender.Send(handshake.WriteClientInfo(new ClientInfo()));
        sender.SendPacket(known.PublicKey, "early"u8);
        receiver.ExpectNothing();
        answer.SetResult(true);
        Assert.Equal(FrameType.ServerInfo, sender.Receive().Type);
        Assert.Equal("early"u8, receiver.ReceivePacket().Packet);
    }

    [Fact]
    public async Task A_node_that_may_not_take_part_any_more_is_put_out()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient one = relay.Join(), other = relay.Join();
        Assert.Equal(1, relay.Server.Close(one.Key));
        one.ExpectClosed();
        other.ExpectNothing();
        await TestRelay.UntilAsync(() => relay.Server.Clients == 1, "one client is left");
    }

    [Fact]
    public async Task One_address_holds_only_so_many_connections()
    {
        await using TestRelay relay = await TestRelay.StartAsync(new RelayLimits { MaxConnectionsPerAddress = 2 });
        using ScriptedClient one = relay.Join();
        using ScriptedClient two = relay.Join(), three = relay.Connect();
        three.ExpectClosed();
        one.Dispose();
        await TestRelay.UntilAsync(() => relay.Figure("connections") == 1, "the first has left");
        using ScriptedClient four = relay.Join();
        four.ExpectNothing();
    }

    [Fact]
    public async Task Stopping_ends_every_connection()
    {
        TestRelay relay = await TestRelay.StartAsync();
        using ScriptedClient client = relay.Join(), half = relay.Connect();
        half.Upgrade();
        await relay.DisposeAsync();
        client.ExpectClosed();
        half.ExpectClosed();
    }

    sealed class Asked(Func<NodePublicKey, Task<bool>> ask) : IAdmission
    {
        public ValueTask<bool> AdmitAsync(NodePublicKey key, IPAddress source) => new(ask(key));
    }
}
