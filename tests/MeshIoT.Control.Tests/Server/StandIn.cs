using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MeshIoT.Control.Tests;

/// <summary>
/// A coordinator that does what a test tells it: an outer HTTP/1.1 socket on loopback for <c>/key</c> and <c>/ts2021</c>, an inner HTTP/2 server
/// behind the Noise handshake.
/// </summary>
internal sealed class StandIn : IAsyncDisposable, IHttpApplication<HttpContext>
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly NoiseTransport transport = new();
    readonly KestrelServer inner;
    readonly CancellationTokenSource stopping = new();
    readonly ConcurrentBag<NoiseStream> streams = [];

    StandIn()
    {
        KestrelServerOptions options = new() { AllowAlternateSchemes = true };
        options.Listen(IPAddress.Loopback, 1, static listen => listen.Protocols = HttpProtocols.Http2);
        options.ApplicationServices = NoServices.Instance;
        inner = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    public MachinePrivateKey Key { get; set; } = MachinePrivateKey.Generate(new SystemRandomSource());

    /// <summary>What <c>/key</c> answers; the default is the truth.</summary>
    public Func<string>? KeyReply { get; set; }

    /// <summary>Replaces the whole answer to <c>/ts2021</c>, as raw bytes.</summary>
    public Func<byte[]>? UpgradeReply { get; set; }

    /// <summary>Handles every request over Noise.</summary>
    public Func<HttpContext, Task> Handler { get; set; } = static context => Task.CompletedTask;

    public EarlyNoise? Early { get; set; } = new() { NodeKeyChallenge = "chalpub:" + new string('1', 64) };

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public Uri Url => new($"http://127.0.0.1:{Port}");

    public int Connections => streams.Count;

    /// <summary>Requests seen over Noise, "METHOD path".</summary>
    public ConcurrentQueue<string> Seen { get; } = [];

    /// <summary>Machine keys proved.</summary>
    public ConcurrentQueue<MachinePublicKey> Machines { get; } = [];

    public static async Task<StandIn> StartAsync()
    {
        StandIn server = new();
        await server.inner.StartAsync(server, CancellationToken.None);
        server.listener.Start();
        _ = server.ListenAsync();
        return server;
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        Seen.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        return Handler(context);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        CutConnections();
        using CancellationTokenSource soon = new(TimeSpan.FromSeconds(1));
        try
        {
            await inner.StopAsync(soon.Token);
        }
        catch (OperationCanceledException)
        {
        }

        inner.Dispose();
        Key.Dispose();
    }

    public void CutConnections()
    {
        foreach (NoiseStream stream in streams)
        {
            stream.Dispose();
        }
    }

    public static byte[] Frame(MapResponse frame) => Frame(JsonSerializer.SerializeToUtf8Bytes(frame, TailcfgJson.Default.MapResponse));

    public static byte[] Frame(byte[] body)
    {
        byte[] bytes = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, body.Length);
        body.CopyTo(bytes, 4);
        return bytes;
    }

    public static async Task SendAsync(HttpContext context, byte[] bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    public static async Task<string> BodyAsync(HttpContext context) => await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);

    async Task ListenAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Socket socket = await listener.AcceptSocketAsync(stopping.Token);
                _ = ServeAsync(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    async Task ServeAsync(Socket socket)
    {
        try
        {
            NetworkStream stream = new(socket, ownsSocket: true);
            byte[] buffer = new byte[8192];
            int filled = 0, end;
            while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            {
                int count = await stream.ReadAsync(buffer.AsMemory(filled), stopping.Token);
                if (count == 0)
                {
                    return;
                }

                filled += count;
            }

            string[] lines = Encoding.Latin1.GetString(buffer, 0, end).Split("\r\n");
            Dictionary<string, string> headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
            if (lines[0].StartsWith("GET /key?v="))
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(KeyReply?.Invoke() ?? HttpReply(200, $$"""{"legacyPublicKey":"mkey:{{new string('0', 64)}}","publicKey":"{{Key.PublicKey}}"}""")));
                stream.Dispose();
                return;
            }

            if (UpgradeReply is not null)
            {
                await stream.WriteAsync(UpgradeReply());
                stream.Dispose();
                return;
            }

            if (!lines[0].StartsWith("POST /ts2021 "))
            {
                Seen.Enqueue("plain " + lines[0]);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(HttpReply(200, "")));
                stream.Dispose();
                return;
            }

            Ts2021Acceptance acceptance = new Ts2021Acceptor(new SodiumSuite(), new SystemRandomSource(), Key)
                .Accept(headers.GetValueOrDefault("Upgrade"), headers.GetValueOrDefault(Control.Ts2021.HandshakeHeader));
            if (!acceptance.IsAccepted)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(HttpReply(acceptance.StatusCode, acceptance.Reason)));
                stream.Dispose();
                return;
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: {Control.Ts2021.UpgradeProtocol}\r\nConnection: upgrade\r\n\r\n"));
            NoiseStream noise = await acceptance.OpenAsync(stream, Early, stopping.Token);
            Machines.Enqueue(acceptance.MachineKey);
            streams.Add(noise);
            transport.Add(noise);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Dispose();
        }
    }

    public static string HttpReply(int status, string body, string more = "") =>
        $"HTTP/1.1 {status} Status\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}Connection: close\r\n\r\n{body}";

    sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => serviceType == typeof(Microsoft.Extensions.Logging.ILoggerFactory) ? NullLoggerFactory.Instance : null;
    }
}
