using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>Everything that can be wrong with the other end is one clear fault, without a secret in it.</summary>
public class ControlFaultTests
{
    static readonly MachinePublicKey OtherKey = MachinePrivateKey.Generate(new SystemRandomSource()).PublicKey;

    static string Key(MachinePublicKey key) => $$"""{"legacyPublicKey":"mkey:{{new string('0', 64)}}","publicKey":"{{key}}"}""";

    [Fact]
    public async Task Nobody_listens()
    {
        TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        await using ControlClient client = new(Scene.OptionsFor(new Uri($"http://127.0.0.1:{port}")));
        FaultReport report = await Scene.FaultOf(client.RegisterAsync(new RegisterRequest(), Scene.Soon));
        Assert.Equal(Faults.CoordinatorUnreachable, report.Fault);
        Assert.Contains($"http://127.0.0.1:{port}", report.Message);
        Assert.Contains("connection refused", report.Message);
        await using ControlClient pinned = new(Scene.OptionsFor(new Uri($"http://127.0.0.1:{port}")) with { PinnedServerKey = OtherKey });
        Assert.Equal(Faults.CoordinatorUnreachable, (await Scene.FaultOf(pinned.RegisterAsync(new RegisterRequest(), Scene.Soon))).Fault);
    }

    [Fact]
    public async Task The_name_does_not_resolve()
    {
        await using ControlClient client = new(Scene.OptionsFor(new Uri("http://no-such-host.invalid:8080")));
        FaultReport report = await Scene.FaultOf(client.FetchServerKeyAsync(Scene.Soon));
        Assert.Equal(Faults.CoordinatorNameUnknown, report.Fault);
        Assert.Contains("no-such-host.invalid", report.Message);
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_given_up_after_ten_seconds()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        Uri url = new($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        ManualTime time = new();
        await using ControlClient client = new(Scene.OptionsFor(url) with { Time = time, PinnedServerKey = OtherKey });
        Task dial = client.RegisterAsync(new RegisterRequest(), Scene.Soon);
        await ControlClientTests.Until(() => time.Pending.Contains(TimeSpan.FromSeconds(10)));
        time.Advance(TimeSpan.FromSeconds(10));
        FaultReport report = await Scene.FaultOf(dial);
        Assert.Equal(Faults.CoordinatorUnreachable, report.Fault);
        Assert.Contains("10 s", report.Message);

        await using ControlClient asking = new(Scene.OptionsFor(url) with { Time = time });
        Task fetch = asking.FetchServerKeyAsync(Scene.Soon);
        await ControlClientTests.Until(() => time.Pending.Contains(TimeSpan.FromSeconds(10)));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Faults.CoordinatorUnreachable, (await Scene.FaultOf(fetch)).Fault);
    }

    public static IEnumerable<TheoryDataRow<string, string, string>> KeyReplies =>
    [
        new(StandIn.HttpReply(200, "<html><body>Sign in to the Wi-Fi</body></html>"), "not-a-coordinator", "web page"),
        new(StandIn.HttpReply(404, "not found"), "not-a-coordinator", "404"),
        new(StandIn.HttpReply(302, "", "Location: https://portal.example/\r\n"), "not-a-coordinator", "https://portal.example/"),
        new(StandIn.HttpReply(200, ""), "not-a-coordinator", "no key"),
        new(StandIn.HttpReply(200, "[1]"), "not-a-coordinator", "no key"),
        new(StandIn.HttpReply(200, """{"publicKey":"mkey:12"}"""), "not-a-coordinator", "no key"),
        new(StandIn.HttpReply(200, new string('x', 70_000)), "not-a-coordinator", "too much"),
        new(StandIn.HttpReply(200, "null"), "coordinator-too-old", "Noise"),
        new(StandIn.HttpReply(200, "{}"), "coordinator-too-old", "Noise"),
        new(StandIn.HttpReply(200, new string('a', 64)), "coordinator-too-old", "Noise"),
        new("SSH-2.0-OpenSSH_9.2\r\n", "not-a-coordinator", "HTTP"),
    ];

    [Theory, MemberData(nameof(KeyReplies))]
    public async Task The_answer_to_the_key_request_is_something_else(string reply, string code, string part)
    {
        await using Scene scene = await Scene.OpenAsync();
        scene.Server.KeyReply = () => reply;
        FaultReport report = await Scene.FaultOf(scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon));
        Assert.Equal(code, report.Fault.Code);
        Assert.Contains(part, report.Message);
    }

    public static IEnumerable<TheoryDataRow<string, string>> UpgradeReplies =>
    [
        new(StandIn.HttpReply(404, "nothing here"), "not-a-coordinator"),
        new(StandIn.HttpReply(502, "<html>"), "not-a-coordinator"),
        new(StandIn.HttpReply(301, "", "Location: https://h/ts2021\r\n"), "not-a-coordinator"),
        new("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "not-a-coordinator"),
        new("220 smtp ready\r\n", "not-a-coordinator"),
        new("", "not-a-coordinator"),
        new("HTTP/1.1 101 Switching", "not-a-coordinator"),
        new("HTTP/1.1 101 X\r\nLong: " + new string('x', 20_000), "not-a-coordinator"),
        new("HTTP/1.1 101 X\r\nUpgrade: tailscale-control-protocol\r\n\r\n", "coordinator-closed-handshake"),
        new("HTTP/1.1 101 X\r\nUpgrade: tailscale-control-protocol\r\n\r\nHTTP/1.1 400", "not-a-coordinator"),
        new("HTTP/1.1 101 X\r\nUpgrade: tailscale-control-protocol\r\n\r\n\u0003\u0000\u0003bad", "coordinator-protocol"),
        new("HTTP/1.1 101 X\r\nUpgrade: tailscale-control-protocol\r\n\r\n\u0002\u0000\u0030" + new string('z', 48), "server-key-not-proved"),
        new("HTTP/1.1 400 Bad Request\r\n\r\n" + Ts2021Acceptance.NotGenuineReason, "server-key-not-proved"),
    ];

    [Theory, MemberData(nameof(UpgradeReplies))]
    public async Task The_answer_to_the_upgrade_is_something_else(string reply, string code)
    {
        await using Scene scene = await Scene.OpenAsync();
        scene.Server.UpgradeReply = () => Encoding.Latin1.GetBytes(reply);
        Assert.Equal(code, (await Scene.FaultOf(scene.StreamAsync())).Fault.Code);
    }

    [Fact]
    public async Task A_key_that_is_not_accepted_ends_it_before_anything_is_sent()
    {
        await using Scene scene = await Scene.OpenAsync(o => o with { AcceptServerKey = key => key == OtherKey });
        FaultReport report = await Scene.FaultOf(scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon));
        Assert.Equal(Faults.ServerKeyNotAccepted, report.Fault);
        Assert.Contains(scene.Server.Key.PublicKey.ShortString(), report.Message);
        Assert.Equal(0, scene.Server.Connections);
    }

    [Fact]
    public async Task A_pinned_key_is_never_fetched_and_a_server_without_it_is_refused()
    {
        await using Scene scene = await Scene.OpenAsync(o => o with { PinnedServerKey = OtherKey });
        scene.Server.KeyReply = () => throw new InvalidOperationException("asked for the key");
        FaultReport report = await Scene.FaultOf(scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon));
        Assert.Equal(Faults.ServerKeyNotProved, report.Fault);
        Assert.Contains(OtherKey.ShortString(), report.Message);
        Assert.Equal(0, scene.Server.Connections);
    }

    [Fact]
    public async Task After_a_key_changed_the_next_try_asks_for_it_and_whoever_judges_keys_sees_it()
    {
        List<MachinePublicKey> judged = [];
        await using Scene scene = await Scene.OpenAsync(o => o with { AcceptServerKey = key => { judged.Add(key); return judged.Count < 2; } });
        scene.Server.Handler = async context => await context.Response.Body.WriteAsync("{}"u8.ToArray());
        await scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon);
        MachinePublicKey first = scene.Server.Key.PublicKey;
        scene.Server.Key = MachinePrivateKey.Generate(new SystemRandomSource());
        scene.Server.CutConnections();
        List<string> codes = [];
        for (int i = 0; i < 6 && !codes.Contains("server-key-not-accepted"); i++)
        {
            codes.Add((await Scene.FaultOf(scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon))).Fault.Code);
        }

        Assert.Contains("server-key-not-proved", codes);
        Assert.Equal("server-key-not-accepted", codes[^1]);
        Assert.Equal([first, scene.Server.Key.PublicKey], judged);
    }

    [Theory]
    [InlineData(404, "node not found", "node-not-known")]
    [InlineData(401, "", "node-not-known")]
    [InlineData(500, "oops", "coordinator-request-failed")]
    [InlineData(400, "unsupported client version: 130", "coordinator-too-new")]
    public async Task A_map_request_that_is_refused_says_why(int status, string body, string code)
    {
        await using Scene scene = await Scene.OpenAsync();
        scene.Server.Handler = context =>
        {
            context.Response.StatusCode = status;
            return StandIn.SendAsync(context, Encoding.UTF8.GetBytes(body));
        };
        Assert.Equal(code, (await Scene.FaultOf(scene.StreamAsync())).Fault.Code);
        Assert.Equal(code, (await Scene.FaultOf(scene.Client.SendUpdateAsync(scene.MapRequest, Scene.Soon))).Fault.Code);
    }

    public static IEnumerable<TheoryDataRow<byte[], string>> BadStreams =>
    [
        new([0, 0, 0, 0], "coordinator-protocol"),
        new([0xff, 0xff, 0xff, 0x7f], "coordinator-protocol"),
        new([0xff, 0xff, 0xff, 0xff], "coordinator-protocol"),
        new([9, 0], "coordinator-connection-lost"),
        new([9, 0, 0, 0, (byte)'{'], "coordinator-connection-lost"),
        new(StandIn.Frame("<html>"u8.ToArray()), "coordinator-protocol"),
        new(StandIn.Frame("null"u8.ToArray()), "coordinator-protocol"),
        new(StandIn.Frame([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), "coordinator-protocol"),
        new(StandIn.Frame("""{"PeersRemoved":[1]}"""u8.ToArray()), "coordinator-protocol"),
    ];

    [Theory, MemberData(nameof(BadStreams))]
    public async Task A_map_stream_of_nonsense_ends_in_a_fault(byte[] bytes, string code)
    {
        await using Scene scene = await Scene.OpenAsync();
        scene.Server.Handler = context => StandIn.SendAsync(context, bytes);
        Assert.Equal(code, (await Scene.FaultOf(scene.StreamAsync())).Fault.Code);
    }

    [Fact]
    public async Task The_frame_limit_can_be_set()
    {
        await using Scene scene = await Scene.OpenAsync(o => o with { MaxFrameBytes = 100 });
        scene.Server.Handler = context => StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Node = scene.Self, Domain = new string('d', 200) }));
        Assert.Contains("longer", (await Scene.FaultOf(scene.StreamAsync())).Message);
    }

    [Fact]
    public async Task A_connection_cut_within_the_stream_is_a_fault_that_says_so()
    {
        await using Scene scene = await Scene.OpenAsync();
        TaskCompletionSource never = new();
        scene.Server.Handler = async context =>
        {
            await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Node = scene.Self }));
            await never.Task;
        };
        Task stream = scene.Client.StreamMapAsync(scene.MapRequest, (_, _) => { scene.Server.CutConnections(); return default; }, Scene.Soon);
        Assert.Equal(Faults.CoordinatorConnectionLost, (await Scene.FaultOf(stream)).Fault);
        never.SetResult();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("<html>")]
    [InlineData("null")]
    public async Task A_registration_answered_with_nonsense_is_a_fault(string body)
    {
        await using Scene scene = await Scene.OpenAsync();
        scene.Server.Handler = context => StandIn.SendAsync(context, Encoding.UTF8.GetBytes(body));
        Assert.Equal(Faults.CoordinatorProtocol, (await Scene.FaultOf(scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon))).Fault);
    }

    [Fact]
    public async Task A_registration_error_page_that_quotes_the_key_is_told_without_it()
    {
        await using Scene scene = await Scene.OpenAsync();
        scene.Server.Handler = context =>
        {
            context.Response.StatusCode = 500;
            return StandIn.SendAsync(context, "no such key SECRETKEY1234, secretkey!"u8.ToArray());
        };
        FaultReport report = await Scene.FaultOf(scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon));
        Assert.DoesNotContain("secretkey", report.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("no such key", report.Message);
    }

    [Theory]
    [InlineData(1970, "clock-wrong")]
    [InlineData(2026, "coordinator-certificate")]
    public void A_certificate_that_does_not_hold_is_the_clocks_fault_when_the_clock_is_in_the_past(int year, string code)
    {
        ManualTime time = new();
        time.Set(new DateTimeOffset(year, 1, 1, 0, 0, 7, TimeSpan.Zero));
        ConnectFaults faults = new(new Uri("https://coordinator.example"), time);
        FaultReport report = faults.From(new System.Net.Http.HttpRequestException("x", new System.Security.Authentication.AuthenticationException())).Report;
        Assert.Equal(code, report.Fault.Code);
        Assert.Contains("https://coordinator.example", report.Message);
        if (year == 1970)
        {
            Assert.Contains("1970-01-01", report.Message);
            Assert.Contains("timedatectl", report.Next);
        }
    }

    [Fact]
    public void No_fault_repeats_what_an_exception_says()
    {
        ConnectFaults faults = new(new Uri("http://h"), TimeProvider.System);
        foreach (Exception e in new Exception[]
        {
            new System.IO.IOException("secret"), new SocketException((int)SocketError.ConnectionRefused), new System.Net.Http.HttpRequestException("secret"),
            new NoiseException(NoiseFault.BadRecord), new InvalidOperationException("secret"), new OperationCanceledException("secret"),
        })
        {
            Assert.DoesNotContain("secret", faults.From(e).Report.ToString());
        }
    }
}
