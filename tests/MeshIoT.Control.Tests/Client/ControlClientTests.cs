using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>A client and a stand-in coordinator over loopback: what a healthy coordinator gets and gives.</summary>
public class ControlClientTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_registers_over_one_Noise_connection_that_proves_its_machine_key(bool early)
    {
        await using Scene scene = await Scene.OpenAsync();
        scene.Server.Early = early ? scene.Server.Early : null;
        RegisterRequest? seen = null;
        scene.Server.Handler = async context =>
        {
            Assert.Equal("HTTP/2", context.Request.Protocol);
            seen = JsonSerializer.Deserialize(await StandIn.BodyAsync(context), TailcfgJson.Default.RegisterRequest);
            await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new RegisterResponse { MachineAuthorized = true, User = new User { ID = 7 } }, TailcfgJson.Default.RegisterResponse));
        };
        RegisterResponse response = await scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon);
        Assert.True(response.MachineAuthorized);
        Assert.Equal(7, response.User.ID);
        Assert.Equal("SECRETKEY1234", seen!.Auth!.AuthKey);
        Assert.Equal(130, seen.Version);
        Assert.Equal(scene.Machine.PublicKey, Assert.Single(scene.Server.Machines));
        await scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon);
        Assert.Equal(1, scene.Server.Connections);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Every_socket_can_be_marked_before_it_connects_whatever_it_is_for(string host)
    {
        ConcurrentQueue<bool> connected = [];
        await using Scene scene = await Scene.OpenAsync(options => options with
        {
            LoginServer = new UriBuilder(options.LoginServer) { Host = host }.Uri,
            PrepareSocket = socket =>
            {
                // As a mark does: an option that the runtime does not know. A socket with one is not taken for several addresses.
                socket.SetRawSocketOption(6, 18, BitConverter.GetBytes(20_000));
                connected.Enqueue(socket.Connected);
            },
        });
        scene.Server.Handler = static context => context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new RegisterResponse(), TailcfgJson.Default.RegisterResponse)).AsTask();
        await scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon);

        // One for /key and one for the Noise connection; a name may have an IPv6 address beside, where nobody listens.
        Assert.True(connected.Count >= 2, $"{connected.Count} sockets");
        Assert.DoesNotContain(true, connected);
    }

    [Fact]
    public async Task Frames_arrive_in_order_keep_alives_too_and_the_end_of_the_stream_is_an_end()
    {
        await using Scene scene = await Scene.OpenAsync();
        MapRequest? seen = null;
        scene.Server.Handler = async context =>
        {
            seen = JsonSerializer.Deserialize(await StandIn.BodyAsync(context), TailcfgJson.Default.MapRequest);
            byte[] two = [.. StandIn.Frame(new MapResponse { KeepAlive = true }), .. StandIn.Frame(new MapResponse { Node = scene.Self, Domain = "tail.example" })];
            await StandIn.SendAsync(context, two[..20]);
            await StandIn.SendAsync(context, two[20..]);
            await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { PeersChanged = [new Node { ID = 2 }] }));
        };
        var frames = await scene.StreamAsync();
        Assert.Equal([true, false, false], frames.Select(f => f.KeepAlive));
        Assert.Equal("tail.example", frames[1].Rest.Domain);
        Assert.Equal(2, frames[2].PeersChanged![0].ID);
        Assert.True(seen!.Stream && seen.KeepAlive && seen.Compress == "zstd" && !seen.OmitPeers);
    }

    [Fact]
    public async Task A_frame_of_many_records_arrives_whole()
    {
        await using Scene scene = await Scene.OpenAsync();
        Node[] peers = [.. Enumerable.Range(2, 3000).Select(i => new Node { ID = i, Name = $"n{i}.tail.example.", Addresses = [$"100.64.{i / 256}.{i % 256}/32"] })];
        scene.Server.Handler = context => StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Node = scene.Self, Peers = peers }));
        Assert.Equal(3000, (await scene.StreamAsync())[0].Peers!.Count);
    }

    [Fact]
    public async Task A_lite_update_runs_beside_the_stream_on_the_same_connection()
    {
        await using Scene scene = await Scene.OpenAsync();
        TaskCompletionSource updated = new(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Server.Handler = async context =>
        {
            MapRequest request = JsonSerializer.Deserialize(await StandIn.BodyAsync(context), TailcfgJson.Default.MapRequest)!;
            if (!request.Stream)
            {
                Assert.True(request.OmitPeers);
                Assert.Equal("192.0.2.9:41641", Assert.Single(request.Endpoints!));
                updated.SetResult();
                return;
            }

            await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Node = scene.Self }));
            await updated.Task;
        };
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task stream = scene.Client.StreamMapAsync(scene.MapRequest, (_, _) => { first.TrySetResult(); return default; }, Scene.Soon);
        await first.Task.WaitAsync(Scene.Soon);
        await scene.Client.SendUpdateAsync(scene.MapRequest with { Stream = true, Endpoints = ["192.0.2.9:41641"], EndpointTypes = [1] }, Scene.Soon);
        await stream;
        Assert.Equal(1, scene.Server.Connections);
    }

    [Fact]
    public async Task A_busy_server_is_waited_for_as_it_asks()
    {
        ManualTime time = new();
        await using Scene scene = await Scene.OpenAsync(o => o with { Time = time });
        int asked = 0;
        scene.Server.Handler = async context =>
        {
            if (++asked == 1)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "17";
                return;
            }

            await context.Response.Body.WriteAsync("{}"u8.ToArray());
        };
        Task<RegisterResponse> register = scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon);
        await Until(() => time.Pending.Contains(TimeSpan.FromSeconds(17)));
        Assert.False(register.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(17));
        await register;
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_server_that_is_always_busy_becomes_a_fault()
    {
        ManualTime time = new();
        await using Scene scene = await Scene.OpenAsync(o => o with { Time = time });
        scene.Server.Handler = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "5";
            return Task.CompletedTask;
        };
        Task register = scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon);
        for (int i = 0; i < 2; i++)
        {
            await Until(() => time.Pending.Contains(TimeSpan.FromSeconds(5)));
            time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(Faults.CoordinatorBusy, (await Scene.FaultOf(register)).Fault);
    }

    [Fact]
    public async Task The_stream_is_given_up_after_120_seconds_of_silence_and_the_next_request_dials_anew()
    {
        ManualTime time = new();
        await using Scene scene = await Scene.OpenAsync(o => o with { Time = time });
        TaskCompletionSource never = new();
        scene.Server.Handler = async context =>
        {
            await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Node = scene.Self }));
            await never.Task;
        };
        Task stream = scene.Client.StreamMapAsync(scene.MapRequest, (_, _) => { time.Advance(TimeSpan.FromSeconds(200)); return default; }, Scene.Soon);
        // The 200 seconds that the receiver took do not count: the watchdog starts again behind it.
        await Until(() => time.Pending.Contains(TimeSpan.FromSeconds(120)) && time.GetUtcNow().Minute == 3);
        time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(stream.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        FaultReport report = await Scene.FaultOf(stream);
        Assert.Equal(Faults.CoordinatorSilent, report.Fault);
        Assert.Contains("120 s", report.Message);

        scene.Server.Handler = context => StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Node = scene.Self }));
        await scene.StreamAsync();
        Assert.Equal(2, scene.Server.Connections);
        never.SetResult();
    }

    [Fact]
    public async Task A_server_that_asks_for_quiet_gets_five_minutes_at_most_and_one_that_asks_for_the_end_gets_none()
    {
        ManualTime time = new();
        await using Scene scene = await Scene.OpenAsync(o => o with { Time = time });
        scene.Server.Handler = async context =>
        {
            await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Node = scene.Self, Debug = new Debug { SleepSeconds = 86400, Exit = 1 } }));
            await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Domain = "later" }));
        };
        Task<System.Collections.Generic.List<MapFrame>> stream = scene.StreamAsync();
        await Until(() => time.Pending.Contains(TimeSpan.FromMinutes(5)));
        Assert.False(stream.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("later", (await stream)[1].Rest.Domain);
    }

    [Fact]
    public async Task The_server_also_has_120_seconds_to_answer_at_all()
    {
        ManualTime time = new();
        await using Scene scene = await Scene.OpenAsync(o => o with { Time = time });
        TaskCompletionSource never = new(), asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Server.Handler = _ => { asked.TrySetResult(); return never.Task; };
        Task stream = scene.StreamAsync();
        await asked.Task.WaitAsync(Scene.Soon);
        time.Advance(TimeSpan.FromSeconds(121));
        Assert.Equal(Faults.CoordinatorSilent, (await Scene.FaultOf(stream)).Fault);
        never.SetResult();
    }

    [Fact]
    public async Task Cancelling_ends_the_stream_as_cancelled()
    {
        await using Scene scene = await Scene.OpenAsync();
        TaskCompletionSource never = new();
        scene.Server.Handler = async context =>
        {
            await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Node = scene.Self }));
            await never.Task;
        };
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Client.StreamMapAsync(
            scene.MapRequest, (_, _) => { stop.Cancel(); return default; }, stop.Token).WaitAsync(TimeSpan.FromSeconds(20)));
        never.SetResult();
    }

    [Fact]
    public async Task Pings_are_answered_over_Noise_or_plainly_once_per_address()
    {
        await using Scene scene = await Scene.OpenAsync();
        TaskCompletionSource<string> echoed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Server.Handler = async context =>
        {
            switch (context.Request.Path)
            {
                case "/c2n/token1":
                    echoed.TrySetResult(await StandIn.BodyAsync(context));
                    break;
                case "/machine/map":
                    await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { Node = scene.Self, PingRequest = new PingRequest { URL = "https://unused/ping/1", URLIsNoise = true } }));
                    await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { KeepAlive = true, PingRequest = new PingRequest { URL = "https://unused/ping/1", URLIsNoise = true } }));
                    await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { KeepAlive = true, PingRequest = new PingRequest { URL = "https://unused/c2n/token1", URLIsNoise = true, Types = "c2n", Payload = "POST /echo HTTP/1.1\r\nHost: x\r\n\r\nhello"u8.ToArray() } }));
                    await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { KeepAlive = true, PingRequest = new PingRequest { URL = scene.Server.Url + "plain-ping?id=9" } }));
                    await StandIn.SendAsync(context, StandIn.Frame(new MapResponse { KeepAlive = true, PingRequest = new PingRequest { URL = "http://127.0.0.2:1/elsewhere" } }));
                    await Until(() => scene.Server.Seen.Any(s => s.StartsWith("plain HEAD")) && scene.Server.Seen.Any(s => s == "HEAD /ping/1") && echoed.Task.IsCompleted);
                    break;
                default:
                    break;
            }
        };
        await scene.StreamAsync();
        Assert.Equal("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", await echoed.Task);
        Assert.Single(scene.Server.Seen, s => s == "HEAD /ping/1");
        Assert.Contains("plain HEAD /plain-ping?id=9 HTTP/1.1", scene.Server.Seen);
    }

    [Fact]
    public async Task A_connection_that_was_cut_is_dialled_anew()
    {
        await using Scene scene = await Scene.OpenAsync();
        scene.Server.Handler = async context => await context.Response.Body.WriteAsync("{}"u8.ToArray());
        await scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon);
        scene.Server.CutConnections();
        for (int i = 0; ; i++)
        {
            try
            {
                await scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon);
                break;
            }
            catch (FaultException e) when (i < 5 && e.Report.Fault == Faults.CoordinatorConnectionLost)
            {
                // The pool may notice only by trying.
            }
        }

        Assert.True(scene.Server.Connections > 1);
    }

    [Fact]
    public async Task A_request_after_disposal_is_the_callers_fault_and_a_running_one_is_cancelled()
    {
        await using Scene scene = await Scene.OpenAsync();
        TaskCompletionSource never = new(), asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Server.Handler = _ => { asked.TrySetResult(); return never.Task; };
        Task running = scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon);
        await asked.Task.WaitAsync(Scene.Soon);
        await scene.Client.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => scene.Client.RegisterAsync(scene.RegisterRequest, Scene.Soon));
        never.SetResult();
    }

    internal static async Task Until(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 2000, "it did not happen within 20 s");
            await Task.Delay(10);
        }
    }
}
