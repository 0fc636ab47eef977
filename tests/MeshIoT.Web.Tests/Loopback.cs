using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Web.Http;

namespace MeshIoT.Web.Tests;

/// <summary>A real <see cref="HttpServer"/> on a loopback port.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly CancellationTokenSource stop = new();
    readonly HttpServer server;
    readonly Task running;

    public Loopback(HttpHandler handler, int maxConnections = 16, TimeProvider? time = null, bool isOutside = false, HttpDoor door = HttpDoor.Outside)
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        server = new HttpServer(handler, maxConnections, time ?? TimeProvider.System);
        running = isOutside
            ? server.RunAsync(
                async ct => new HttpIncoming(new NetworkStream(await listener.AcceptAsync(ct), ownsSocket: true), new HttpCaller(door, IPAddress.Loopback)), stop.Token)
            : server.RunAsync(async ct => new NetworkStream(await listener.AcceptAsync(ct), ownsSocket: true), stop.Token);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}/") };
    }

    public int Port { get; }

    public HttpServer Server => server;

    public HttpClient Http { get; }

    /// <summary>Sends raw bytes and returns all that comes back until the server closes.</summary>
    public async Task<string> SendRawAsync(byte[] bytes, bool shutdown = true)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(bytes);
            if (shutdown)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            using StreamReader reader = new(stream);
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (IOException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await running.WaitAsync(TimeSpan.FromSeconds(10));
        Http.Dispose();
        server.Dispose();
        stop.Dispose();
    }
}
