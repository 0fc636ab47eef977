using System;
using System.Linq;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>
/// Fixed keys, byte for byte: data-plane fact sheet, section 12.2. The code that made these values completed a live handshake with
/// wireguard-go 0.0.20220316.
/// </summary>
public class PaperVectorTests
{
    const string InitiatorPublic = "07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c";
    const string ResponderPublic = "5869aff450549732cbaaed5e5df9b30a6da31cb0e5742bad5ad4a1a768f1a67b";
    const string Initiation =
        "010000004433221164b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466" +
        "158a0e4ca242d151ca97ab90159a98b67e616625e68b4065d357376b6598e644ad7d678c0295d22d" +
        "e4cb43d5135581ed36346bfa7cf42a122639f89315e67f2b43de40f99f8e6be9135e1632d45237be" +
        "41c55cffa3e7b390a525fe6500000000000000000000000000000000";

    const string Response =
        "020000008877665544332211244fe3b963e899dd295baffce248d3530f3a9a7479ba063002680ebf" +
        "e7adad496b48bcfdb2fa6808c058f0c9ef1c288f61de79709cc8330de3922e40997dbf4a00000000" +
        "000000000000000000000000";

    const string InitiatorSendKey = "c5f330b6dc92c8bd4124800733b33cd9d7e5dd2ac8c782e1b558f9b2b60804d8";
    const string InitiatorReceiveKey = "df0e53eac779a4c1ab023907c8dda549efdbf8ca9a4ce931ba1d27a2a8be73f9";
    const string Keepalive = "04000000887766550000000000000000fd3ffdf38f1bfad20a6fdb169d83d3d3";

    static byte[] Bytes(int first) => Enumerable.Range(first, 32).Select(i => (byte)i).ToArray();

    [Theory]
    [InlineData("portable")]
    [InlineData("sodium")]
    public void A_handshake_with_known_keys_is_the_published_one(string suite)
    {
        var wire = new EavesdroppingWire(Suites.Named(suite));
        wire.Initiator.Clock.SetWallTime(1_700_000_000_123);
        wire.Initiator.Random.Indexes.Enqueue(0x11223344);
        wire.Initiator.Random.Keys.Enqueue(Bytes(0x41));
        wire.Responder.Random.Indexes.Enqueue(0x55667788);
        wire.Responder.Random.Keys.Enqueue(Bytes(0x61));
        Assert.Equal(InitiatorPublic, Hex(wire.Initiator.Device.PublicKey));
        Assert.Equal(ResponderPublic, Hex(wire.Responder.Device.PublicKey));

        wire.Initiator.PeerOf(wire.Responder).RequestHandshake();
        wire.Advance(100);

        Assert.Equal([Initiation, Response, Keepalive], wire.Log.Select(c => Hex(c.Bytes)));
        Assert.Equal([InitiatorSendKey, InitiatorReceiveKey], wire.Initiator.Suite.SessionKeys.Select(Hex));
        Assert.Equal([InitiatorSendKey, InitiatorReceiveKey], wire.Responder.Suite.SessionKeys.Select(Hex));
    }

    [Fact]
    public void A_whitened_label_is_the_published_one()
    {
        var clock = new Tai64nClock(0);
        clock.SetWallTime(1_700_000_000_123);
        byte[] label = new byte[12];
        clock.Next(label, 0);
        Assert.Equal("400000006553f10a07000000", Hex(label));
    }

    [Fact]
    public void A_handshake_costs_four_secrets_on_each_side_and_three_once_the_static_one_is_known()
    {
        var wire = new EavesdroppingWire(new SodiumSuite());
        wire.Initiator.PeerOf(wire.Responder).RequestHandshake();
        wire.Advance(100);
        Assert.Equal((4, 4), (wire.Initiator.Suite.SharedSecrets, wire.Responder.Suite.SharedSecrets));
        wire.Advance(10_000);
        wire.Initiator.PeerOf(wire.Responder).RequestHandshake();
        wire.Advance(100);
        Assert.Equal((7, 7), (wire.Initiator.Suite.SharedSecrets, wire.Responder.Suite.SharedSecrets));
    }

    static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
