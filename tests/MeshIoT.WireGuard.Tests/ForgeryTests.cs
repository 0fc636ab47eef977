using System;
using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>What an attacker on the path may try, and that it neither works nor does harm. WireGuard paper, sections 5.1 and 5.3; fact sheet, sections 1.4 and 1.5.</summary>
public class ForgeryTests
{
    readonly EavesdroppingWire wire = new EavesdroppingWire().WithoutJitter();

    TestNode Initiator => wire.Initiator;

    TestNode Responder => wire.Responder;

    [Fact]
    public void A_replayed_initiation_gets_no_answer()
    {
        wire.Send(Initiator);
        wire.Advance(1000);
        byte[] initiation = wire.Log[0].Bytes;
        Assert.Equal(DeviceResult.Rejected, wire.Inject(Responder, initiation));
        Assert.Equal(DeviceFault.StaleTimestamp, wire.LastFault);
        wire.Send(Initiator);
        wire.Advance(1000);
        Assert.Equal(2, Responder.Delivered.Count);
        Assert.Equal(1, wire.Count(PacketKind.Response));
    }

    [Fact]
    public void A_clock_that_went_back_is_refused_until_it_is_ahead_again()
    {
        var timestamps = new FixedTimestamps();
        var suite = new PortableSuite();
        var device = new WireGuardDevice(suite, new ScriptedRandom(5), timestamps, Initiator.PrivateKey);
        WireGuardPeer peer = device.AddPeer(Responder.Device.PublicKey, null);
        Assert.Equal(DeviceResult.SendToNetwork, Initiate(device, peer, 0));
        timestamps.Second -= 2;
        Assert.Equal(DeviceResult.Rejected, Initiate(device, peer, 10_000));
        Assert.Equal(DeviceFault.StaleTimestamp, Responder.Device.LastFault);
        Assert.Equal(DeviceResult.Rejected, Initiate(device, peer, 20_000));
        Assert.Equal(DeviceResult.SendToNetwork, Initiate(device, peer, 30_000));
    }

    DeviceResult Initiate(WireGuardDevice device, WireGuardPeer peer, long nowMs)
    {
        byte[] output = new byte[256], answer = new byte[256];
        peer.RequestHandshake();
        Assert.Equal(DeviceResult.SendToNetwork, device.Poll(nowMs, output, 0));
        return Responder.Device.Receive(output, 0, device.Written, Initiator.Endpoint, nowMs, answer, 0);
    }

    [Fact]
    public void Genuine_initiations_in_a_flood_are_answered_50_times_a_second_at_most()
    {
        var timestamps = new FixedTimestamps();
        byte[] answer = new byte[256];
        int answered = 0;
        for (int i = 0; i < 100; i++)
        {
            // A new device each time: the sender does not keep its distance.
            var device = new WireGuardDevice(new SodiumSuite(), new ScriptedRandom(i), timestamps, Initiator.PrivateKey);
            device.AddPeer(Responder.Device.PublicKey, null).RequestHandshake();
            byte[] output = new byte[256];
            device.Poll(0, output, 0);
            if (Responder.Device.Receive(output, 0, device.Written, Initiator.Endpoint, 1_000_000 + (i * 5), answer, 0) == DeviceResult.SendToNetwork)
            {
                answered++;
            }
        }

        Assert.Equal(25, answered);
        Assert.Equal(75, Responder.Device.DropCount(DeviceFault.InitiationFlood));
    }

    [Fact]
    public void A_forged_response_leaves_the_pending_handshake_as_it_was()
    {
        wire.IsCut = true;
        wire.Send(Initiator);
        byte[] initiation = wire.Log[0].Bytes;
        wire.Inject(Responder, initiation);
        byte[] response = wire.Log[1].Bytes;

        // Whoever saw the initiation can make a response with a good mac1: he knows the initiator's public key and the index.
        for (int i = 0; i < 50; i++)
        {
            byte[] forged = (byte[])response.Clone();
            new Random(i).NextBytes(forged.AsSpan(12, 48));
            StampMac1(forged, 60, Initiator.Device.PublicKey);
            Assert.Equal(DeviceResult.Rejected, wire.Inject(Initiator, forged));
            Assert.Equal(DeviceFault.ForgedResponse, wire.LastFault);
        }

        byte[] zeroPoint = (byte[])response.Clone();
        Array.Clear(zeroPoint, 12, 32);
        StampMac1(zeroPoint, 60, Initiator.Device.PublicKey);
        Assert.Equal(DeviceResult.Rejected, wire.Inject(Initiator, zeroPoint));
        Assert.Equal(DeviceFault.InvalidPublicKey, wire.LastFault);

        Assert.Equal(DeviceResult.Done, wire.Inject(Initiator, response));
        Assert.True(Initiator.PeerOf(Responder).HasSession(wire.NowMs));
    }

    [Fact]
    public void A_forged_initiation_changes_nothing_for_the_peer_it_pretends_to_be()
    {
        wire.Connect();
        WireGuardPeer peer = Responder.PeerOf(Initiator);
        byte[] before = (byte[])peer.LastTimestamp.Clone(), endpoint = (byte[])peer.Endpoint!.Clone();
        wire.IsCut = true;
        wire.Advance(10_000);
        Initiator.PeerOf(Responder).RequestHandshake();
        wire.Pump(Initiator);
        byte[] genuine = wire.Log.Last().Bytes;
        foreach ((int at, int length) in new[] { (8, 32), (40, 48), (88, 28) })
        {
            byte[] forged = (byte[])genuine.Clone();
            new Random(at).NextBytes(forged.AsSpan(at, length));
            StampMac1(forged, 116, Responder.Device.PublicKey);
            Assert.Equal(DeviceResult.Rejected, wire.Inject(Responder, forged, TestNode.EndpointOf("203.0.113.9", 9)));
            Assert.Equal(DeviceFault.ForgedInitiation, wire.LastFault);
        }

        Assert.Equal(before, peer.LastTimestamp);
        Assert.Equal(endpoint, peer.Endpoint);
        Assert.Null(peer.Keypairs.Next);
        Assert.Equal(DeviceResult.SendToNetwork, wire.Inject(Responder, genuine));
    }

    [Fact]
    public void A_wrong_mac1_is_dropped_before_any_secret_is_computed()
    {
        wire.Send(Initiator);
        byte[] initiation = (byte[])wire.Log[0].Bytes.Clone();
        initiation[120] ^= 1;
        Assert.Equal(DeviceResult.Rejected, wire.Inject(Responder, initiation));
        Assert.Equal(DeviceFault.BadMac1, wire.LastFault);
        Assert.Equal(0, Responder.Suite.SharedSecrets);
    }

    [Fact]
    public void A_stranger_with_the_right_public_key_is_refused_without_an_answer()
    {
        var stranger = new TestNode(5, new SodiumSuite());
        stranger.Trust(Responder);
        stranger.PeerOf(Responder).RequestHandshake();
        byte[] output = new byte[256];
        stranger.Device.Poll(wire.NowMs, output, 0);
        Assert.Equal(DeviceResult.Rejected, wire.Inject(Responder, output[..148], stranger.Endpoint));
        Assert.Equal(DeviceFault.UnknownPeer, wire.LastFault);
    }

    [Fact]
    public void A_different_preshared_key_ends_in_no_session()
    {
        var keyed = new EavesdroppingWire(presharedKey: Enumerable.Repeat((byte)7, 32).ToArray());
        keyed.Send(keyed.Initiator);
        keyed.Advance(1000);
        Assert.Single(keyed.Responder.Delivered);

        keyed.Responder.Device.AddPeer(keyed.Initiator.Device.PublicKey, null);
        keyed.Advance(10_000);
        keyed.Initiator.PeerOf(keyed.Responder).RequestHandshake();
        keyed.Advance(1000);
        Assert.Equal(1, keyed.Initiator.Device.DropCount(DeviceFault.ForgedResponse));
    }

    [Fact]
    public void A_peer_whose_key_is_no_point_costs_a_counter_and_nothing_else()
    {
        WireGuardPeer peer = Initiator.Device.AddPeer(new byte[32], null);
        Initiator.Device.AllowedIPs.Insert([10, 9, 9, 9], 32, peer);
        byte[] packet = InnerPackets.Create("10.0.0.1", "10.9.9.9", 10), output = new byte[256];
        Assert.Equal(DeviceResult.Done, Initiator.Device.Send(packet, 0, packet.Length, wire.NowMs, output, 0));
        Assert.Equal(DeviceResult.Done, Initiator.Device.Poll(wire.NowMs, output, 0));
        Assert.Equal(1, Initiator.Device.DropCount(DeviceFault.InvalidPublicKey));
        Assert.Equal(1, Initiator.Device.DropCount(DeviceFault.StagedExpired));
    }

    [Fact]
    public void Data_is_delivered_once_only_when_authentic_and_only_from_allowed_addresses()
    {
        wire.Connect();
        wire.Send(Initiator);
        byte[] data = wire.Log.Last().Bytes;
        wire.Advance(100);
        Assert.Single(Responder.Delivered);
        Assert.Equal(DeviceResult.Rejected, wire.Inject(Responder, data));
        Assert.Equal(DeviceFault.ReplayedData, wire.LastFault);
        for (int i = 0; i < data.Length; i++)
        {
            byte[] changed = (byte[])data.Clone();
            changed[i] ^= 0x40;
            Assert.Equal(DeviceResult.Rejected, wire.Inject(Responder, changed));
        }

        // Neither nobody's address nor another peer's.
        Responder.Device.AllowedIPs.Insert([10, 0, 0, 78], 32, Responder.Device.AddPeer([9, .. new byte[31]], null));
        foreach (string source in new[] { "10.0.0.77", "10.0.0.78" })
        {
            byte[] spoofed = InnerPackets.Create(source, "10.0.0.2", 10), output = new byte[256];
            Assert.Equal(DeviceResult.SendToNetwork, Initiator.Device.Send(spoofed, 0, spoofed.Length, wire.NowMs, output, 0));
            Assert.Equal(DeviceResult.Rejected, wire.Inject(Responder, output[..Initiator.Device.Written]));
            Assert.Equal(DeviceFault.SourceNotAllowed, wire.LastFault);
        }

        Assert.Single(Responder.Delivered);
    }

    [Fact]
    public void What_claims_more_than_it_brings_is_dropped()
    {
        wire.Connect();
        byte[] output = new byte[256];
        foreach (byte[] packet in new[] { Claiming(129), Claiming(19), Claiming(0), Claiming(0xFFFF) })
        {
            Initiator.Device.Send(packet, 0, packet.Length, wire.NowMs, output, 0);
            Assert.Equal(DeviceResult.Rejected, wire.Inject(Responder, output[..Initiator.Device.Written]));
            Assert.Equal(DeviceFault.MalformedInner, wire.LastFault);
        }
    }

    static byte[] Claiming(int length)
    {
        byte[] packet = InnerPackets.Create("10.0.0.1", "10.0.0.2", 100);
        packet[2] = (byte)(length >> 8);
        packet[3] = (byte)length;
        return packet;
    }

    static void StampMac1(byte[] message, int at, byte[] receiver)
    {
        byte[] key = new byte[32];
        CookieLabels.DeriveMac1Key(receiver, key);
        CookieLabels.Mac(key, message, 0, at, message, at);
    }
}
