using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>control-plane.md section 10, byte for byte, with both implementations of the primitives.</summary>
public class KnownAnswerTests
{
    public static IEnumerable<TheoryDataRow<CryptoSuite>> Suites => [new(new PortableSuite()), new(new SodiumSuite())];

    [Theory, MemberData(nameof(Suites))]
    public void The_client_says_the_bytes_of_the_vector(CryptoSuite suite)
    {
        using Ts2021Initiator client = KnownAnswer.Initiator(suite);
        Assert.True(client.HasGoodServerKey);
        Assert.Equal(KnownAnswer.Initiation, client.Initiation);
        Assert.Equal(KnownAnswer.HandshakeHeader, Convert.ToBase64String(client.Initiation));
        Assert.Equal(NoiseFault.None, client.TryFinish(KnownAnswer.Response, out NoiseRecords? records, out int consumed));
        Assert.Equal(51, consumed);

        byte[] record = new byte[64];
        foreach ((ulong number, byte[] expected) in KnownAnswer.Hello)
        {
            records!.SkipTo(number);
            int length = records.Seal("hello"u8.ToArray(), 0, 5, record, 0);
            Assert.Equal(expected, record[..length]);
        }

        records!.SkipTo(0);
        Assert.True(NoiseRecords.TryReadHeader(KnownAnswer.ServerRecord, out int body));
        Assert.True(records.Open(KnownAnswer.ServerRecord, 3, body, record, 0));
        Assert.Equal(KnownAnswer.Hex("ffffff5453"), record[..5]);
    }

    [Theory, MemberData(nameof(Suites))]
    public void The_server_answers_the_bytes_of_the_vector(CryptoSuite suite)
    {
        Ts2021Acceptance acceptance = KnownAnswer.Acceptor(suite).AcceptWith(KnownAnswer.Initiation, KnownAnswer.ServerEphemeral);
        Assert.True(acceptance.IsAccepted);
        Assert.Equal(101, acceptance.StatusCode);
        Assert.Equal(KnownAnswer.Version, acceptance.ProtocolVersion);
        Assert.Equal(KnownAnswer.MachinePublic, acceptance.MachineKey.ToArray());
        Assert.Equal(KnownAnswer.Response, acceptance.Response);
    }

    [Theory, MemberData(nameof(Suites))]
    public void Both_sides_end_with_the_hash_of_the_vector(CryptoSuite suite)
    {
        byte[] prologue = System.Text.Encoding.ASCII.GetBytes("Tailscale Control Protocol v138");
        using NoiseHandshake client = NoiseHandshake.Initiator(suite, prologue, KnownAnswer.MachinePrivate, KnownAnswer.ClientEphemeral, KnownAnswer.ServerPublic);
        using NoiseHandshake server = NoiseHandshake.Responder(suite, prologue, KnownAnswer.ServerPrivate, KnownAnswer.ServerEphemeral);
        byte[] message = new byte[NoiseHandshake.InitiationSize];
        Assert.True(client.WriteInitiation([], message));
        Assert.Equal("3306a2f66f98df0d7fcc2e3e16f7053d6bcbac9b3b19c715ee5c6542a5fedaa9", Convert.ToHexStringLower(client.HandshakeHash));
        Assert.True(server.ReadInitiation(message, out _));
        byte[] answer = new byte[NoiseHandshake.ResponseSize];
        Assert.True(server.WriteResponse([], answer));
        Assert.True(client.ReadResponse(answer, out _));
        Assert.Equal(KnownAnswer.FinalHash, client.HandshakeHash.ToArray());
        Assert.Equal(KnownAnswer.FinalHash, server.HandshakeHash.ToArray());
    }

    [Fact]
    public void The_machine_key_of_Tailscales_own_test_has_the_public_half_it_says() => Assert.Equal(
        "mkey:50d20b455ecf12bc453f83c2cfdb2a24925d06cf2598dcaa54e91af82ce9f765",
        MachinePrivateKey.FromBytes(KnownAnswer.Hex("40ab1b58e9076c7a4d9d07291f5edf9d1aa017eb949624ba683317f48a640369")).PublicKey.ToString());

    [Fact]
    public void Nothing_readable_comes_out_after_any_byte_of_the_initiation_changed()
    {
        Ts2021Acceptor server = KnownAnswer.Acceptor(new SodiumSuite());
        for (int i = 0; i < KnownAnswer.Initiation.Length; i++)
        {
            byte[] changed = [.. KnownAnswer.Initiation];
            changed[i] ^= 1;
            Ts2021Acceptance acceptance = server.Accept(changed);
            Assert.False(acceptance.IsAccepted, $"byte {i}");
            Assert.Equal(400, acceptance.StatusCode);
            Assert.NotEmpty(acceptance.Reason);
        }
    }

    [Fact]
    public void The_client_refuses_an_answer_in_which_any_byte_changed()
    {
        for (int i = 0; i < KnownAnswer.Response.Length; i++)
        {
            byte[] changed = [.. KnownAnswer.Response];
            changed[i] ^= 1;
            using Ts2021Initiator client = KnownAnswer.Initiator(new SodiumSuite());
            Assert.NotEqual(NoiseFault.None, client.TryFinish(changed, out NoiseRecords? records, out _));
            Assert.Null(records);
        }
    }

    [Fact]
    public void The_answer_may_arrive_byte_by_byte_and_with_more_behind_it()
    {
        using Ts2021Initiator client = KnownAnswer.Initiator(new SodiumSuite());
        for (int i = 0; i < KnownAnswer.Response.Length; i++)
        {
            Assert.Null(client.TryFinish(KnownAnswer.Response.AsSpan(0, i), out _, out _));
        }

        Assert.Equal(NoiseFault.None, client.TryFinish([.. KnownAnswer.Response, .. KnownAnswer.ServerRecord], out _, out int consumed));
        Assert.Equal(KnownAnswer.Response.Length, consumed);
    }

    [Fact]
    public void An_error_in_clear_is_a_hint_fit_to_show()
    {
        using Ts2021Initiator client = KnownAnswer.Initiator(new SodiumSuite());
        Assert.Equal(NoiseFault.Refused, client.TryFinish([3, 0, 9, .. "no\u001b[1m\r\nx"u8], out _, out _));
        Assert.Equal("no [1m  x", client.RefusalHint);
    }

    [Theory]
    [InlineData(null, KnownAnswer.HandshakeHeader, NoiseFault.NotAnUpgrade)]
    [InlineData("websocket", KnownAnswer.HandshakeHeader, NoiseFault.NotAnUpgrade)]
    [InlineData("Tailscale-Control-Protocol", KnownAnswer.HandshakeHeader, NoiseFault.None)]
    [InlineData(Control.Ts2021.UpgradeProtocol, null, NoiseFault.NoHandshake)]
    [InlineData(Control.Ts2021.UpgradeProtocol, "", NoiseFault.NoHandshake)]
    [InlineData(Control.Ts2021.UpgradeProtocol, "AIoB", NoiseFault.Malformed)]
    public void The_two_headers_decide(string? upgrade, string? handshake, NoiseFault fault) =>
        Assert.Equal(fault, KnownAnswer.Acceptor(new SodiumSuite()).Accept(upgrade, handshake).Fault);

    [Fact]
    public void Random_headers_are_refused_and_never_throw()
    {
        Ts2021Acceptor server = KnownAnswer.Acceptor(new SodiumSuite());
        Random random = new(4);
        for (int i = 0; i < 3000; i++)
        {
            string header = new([.. Enumerable.Range(0, random.Next(3) == 0 ? random.Next(300) : 136).Select(_ => (char)random.Next(1, 300))]);
            Assert.False(server.Accept(Control.Ts2021.UpgradeProtocol, header).IsAccepted);
            byte[] bytes = new byte[random.Next(3) == 0 ? random.Next(300) : 101];
            random.NextBytes(bytes);
            Assert.False(server.Accept(bytes).IsAccepted);
        }
    }

    [Fact]
    public async Task A_refused_handshake_opens_nothing() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => KnownAnswer.Acceptor(new SodiumSuite()).Accept(null, null).OpenAsync(DuplexPipe.Create().A, null, TestContext.Current.CancellationToken));

    [Fact]
    public void A_server_key_of_small_order_is_noticed_before_anything_is_sent() =>
        Assert.False(new Ts2021Initiator(new SodiumSuite(), MachinePrivateKey.FromBytes(KnownAnswer.MachinePrivate), default, KnownAnswer.ClientEphemeral, 130).HasGoodServerKey);
}
