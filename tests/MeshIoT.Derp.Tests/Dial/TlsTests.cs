using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Derp.Tests;

/// <summary>Whose certificate counts: real TLS on loopback.</summary>
public class TlsTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    static readonly NodePublicKey Peer = NodePublicKey.FromBytes(TestKeys.Count(0x60, 32));

    static X509Certificate2 Current(string name) => TlsRelay.SelfSigned(name, Now.AddDays(-1), Now.AddDays(30));

    static async Task ConnectsAsync(TlsRelay relay, Tailcfg.DerpMap map, Func<DerpPoolOptions, DerpPoolOptions>? change = null)
    {
        using NodePrivateKey key = TestKeys.Key(1);
        PoolHarness.Receiver heard = new();
        DerpPoolOptions options = new() { Key = key, Receiver = heard };
        await using DerpPool pool = new(change?.Invoke(options) ?? options);
        pool.SetMap(map);
        pool.SetHome(1);
        ScriptedRelay end = await relay.NextAsync();
        while (!await end.TryLetInAsync())
        {
            end = await relay.NextAsync(); // that was one whose client had refused us before
        }

        await PoolHarness.UntilAsync(() => pool.IsConnected(1));
        byte[] packet = new byte[60_000];
        Random.Shared.NextBytes(packet);
        pool.Send(1, Peer, packet);
        Assert.Equal(packet, (await end.ReadAsync(FrameType.SendPacket))[32..]);
        await end.SendPacketAsync(Peer, packet);
        await PoolHarness.UntilAsync(() => !heard.Packets.IsEmpty);
        Assert.True(heard.Packets.TryDequeue(out var got));
        Assert.Equal(packet, got.Packet);
    }

    static async Task RefusedAsync(Tailcfg.DerpMap map, Fault expected, string? says = null, Func<DerpPoolOptions, DerpPoolOptions>? change = null)
    {
        using NodePrivateKey key = TestKeys.Key(1);
        DerpPoolOptions options = new() { Key = key, Receiver = new PoolHarness.Receiver() };
        await using DerpPool pool = new(change?.Invoke(options) ?? options);
        pool.SetMap(map);
        pool.SetHome(1);
        await PoolHarness.UntilAsync(() => pool.StateOf(1)?.LastFault is not null);
        FaultReport fault = pool.StateOf(1)!.LastFault!;
        Assert.Equal(expected.Code, fault.Fault.Code);
        Assert.Contains(says ?? "", fault.Message, StringComparison.Ordinal);
        Assert.False(pool.IsConnected(1));
    }

    [Fact]
    public async Task A_socket_can_be_marked_before_it_connects()
    {
        using TlsRelay relay = new(Current("relay.example"));
        ConcurrentQueue<bool> connected = [];
        await ConnectsAsync(relay, relay.Map("127.0.0.1", DerpUpgrade.PinPrefix + relay.Pin), o => o with { PrepareSocket = socket => connected.Enqueue(socket.Connected) });
        Assert.NotEmpty(connected);
        Assert.DoesNotContain(true, connected);
    }

    [Fact]
    public async Task A_pinned_certificate_needs_no_name_no_authority_and_no_date()
    {
        using TlsRelay relay = new(TlsRelay.SelfSigned("whoever", Now.AddYears(-3), Now.AddYears(-2)));
        await ConnectsAsync(relay, relay.Map("127.0.0.1", DerpUpgrade.PinPrefix + relay.Pin));
        await ConnectsAsync(relay, relay.Map("relay.example", DerpUpgrade.PinPrefix + relay.Pin), o => o with { Time = new OtherDate(new(1970, 1, 1, 0, 0, 5, TimeSpan.Zero)) });
        await ConnectsAsync(relay, relay.Map("relay.example", DerpUpgrade.PinPrefix + relay.Pin), o => o with { Time = new OtherDate(Now.AddYears(10)) });
    }

    [Fact]
    public async Task Another_certificate_than_the_pinned_one_is_refused()
    {
        using TlsRelay relay = new(Current("relay.example"));
        await RefusedAsync(relay.Map("relay.example", DerpUpgrade.PinPrefix + new string('0', 64)), Faults.RelayPinMismatch);
        await RefusedAsync(relay.Map("relay.example", DerpUpgrade.PinPrefix), Faults.RelayPinMismatch);
    }

    [Fact]
    public async Task A_certificate_that_nobody_known_has_signed_is_refused_except_in_tests()
    {
        using TlsRelay relay = new(Current("relay.example"));
        await RefusedAsync(relay.Map("relay.example"), Faults.RelayCertificate, "no authority");
        await ConnectsAsync(relay, relay.Map("other.example", insecure: true));
    }

    [Fact]
    public async Task An_authority_of_ones_own_counts_and_so_do_name_and_dates()
    {
        using X509Certificate2 authority = TlsRelay.Make("Our authority", Now.AddYears(-1), Now.AddYears(5), null, isAuthority: true);
        Func<DerpPoolOptions, DerpPoolOptions> trusting = o => o with { ExtraAuthorities = [authority] };
        using TlsRelay relay = new(TlsRelay.Make("relay.example", Now.AddDays(-2), Now.AddDays(30), authority, isAuthority: false));
        await ConnectsAsync(relay, relay.Map("relay.example"), trusting);
        await ConnectsAsync(relay, relay.Map("127.0.0.1", "relay.example"), trusting);
        await RefusedAsync(relay.Map("other.example"), Faults.RelayCertificate, "not for other.example", trusting);
        await RefusedAsync(relay.Map("relay.example", "other.example"), Faults.RelayCertificate, "not for other.example", trusting);
        await RefusedAsync(relay.Map("relay.example"), Faults.RelayCertificate, "expired", o => trusting(o) with { Time = new OtherDate(Now.AddDays(40)) });

        // A clock that cannot be right is no reason to be cut off.
        await ConnectsAsync(relay, relay.Map("relay.example"), o => trusting(o) with { Time = new OtherDate(new(1970, 1, 1, 0, 0, 5, TimeSpan.Zero)) });
    }

    [Fact]
    public async Task A_pool_closes_at_once_though_a_write_is_stuck()
    {
        using TlsRelay relay = new(Current("relay.example"));
        using NodePrivateKey key = TestKeys.Key(1);
        DerpPool pool = new(new() { Key = key, Receiver = new PoolHarness.Receiver() });
        pool.SetMap(relay.Map("relay.example", DerpUpgrade.PinPrefix + relay.Pin));
        pool.SetHome(1);
        await using ScriptedRelay end = await relay.NextAsync();
        await end.LetInAsync(); // and reads no more
        await PoolHarness.UntilAsync(() => pool.IsConnected(1));
        byte[] packet = new byte[1280];
        await PoolHarness.UntilAsync(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                pool.Send(1, Peer, packet);
            }

            return pool.StateOf(1)!.PacketsDropped > 100_000;
        });
        await pool.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Garbage_instead_of_TLS_is_no_relay()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task server = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\nThis is not the TLS you are looking for." + new string('x', 500)));
            await Task.Delay(TimeSpan.FromSeconds(60)).WaitAsync(TimeSpan.FromSeconds(60));
        });
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await RefusedAsync(
            new() { Regions = new System.Collections.Generic.Dictionary<int, Tailcfg.DerpRegion?> { [1] = new() { Nodes = [new() { Name = "1a", HostName = "127.0.0.1", DERPPort = port }] } } },
            Faults.NotARelay, "TLS");
        Assert.False(server.IsFaulted);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_unreachable()
    {
        Tailcfg.DerpMap map;
        using (TlsRelay relay = new(Current("relay.example")))
        {
            map = relay.Map("relay.example");
        }

        await RefusedAsync(map, Faults.RelayUnreachable, "connection refused");
    }

    [Fact]
    public void The_relays_key_is_found_among_the_certificates_it_sent()
    {
        using NodePrivateKey key = TestKeys.Key(0xc1);
        using ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 leaf = Current("relay.example");
        X509Certificate2 Meta(string name, byte serial)
        {
            using X509Certificate2 issuer = TlsRelay.Make("meta", Now.AddDays(-3), Now.AddDays(90), null, isAuthority: true);
            return new CertificateRequest("CN=" + name, signer, HashAlgorithmName.SHA256).Create(issuer, Now.AddDays(-1), Now.AddDays(30), [serial]);
        }

        string name = DerpUpgrade.MetaCertificateName(key.PublicKey);
        Assert.Equal(key.PublicKey, KeyAmong(leaf, Meta(name, 2)));
        Assert.True(KeyAmong(leaf, Meta(name, 3)).IsZero);
        Assert.True(KeyAmong(Meta("derpkeynonsense", 2), leaf).IsZero);
        Assert.True(RelayTls.FindKey(null).IsZero);
    }

    static NodePublicKey KeyAmong(params X509Certificate2[] certificates)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.ExtraStore.AddRange(certificates);
        return RelayTls.FindKey(chain);
    }
}
