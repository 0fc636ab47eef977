using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator.Tests;

/// <summary>A client down to the wire: it can send what a well-behaved one never would.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    static readonly SodiumSuite Suite = new();

    readonly SocketsHttpHandler handler;
    readonly HttpClient http;

    public WireClient(IPEndPoint server, MachinePublicKey serverKey, MachinePrivateKey machine, int version = 130, Func<Stream, Task<Stream>>? wrap = null)
    {
        handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, ct) => await DialAsync(server, serverKey, machine, version, ct, wrap),
        };
        http = new HttpClient(handler) { BaseAddress = new Uri("http://unused/"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The upgrade by hand, up to the decrypted stream.</summary>
    public static async Task<Stream> DialAsync(IPEndPoint server, MachinePublicKey serverKey, MachinePrivateKey machine, int version, CancellationToken ct, Func<Stream, Task<Stream>>? wrap = null)
    {
        Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, ct);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            stream = wrap is null ? stream : await wrap(stream);
            using Ts2021Initiator initiator = Ts2021Initiator.Create(Suite, new SystemRandomSource(), machine, serverKey, version);
            string request = $"POST /ts2021 HTTP/1.1\r\nHost: {server}\r\nConnection: upgrade\r\nUpgrade: tailscale-control-protocol\r\nX-Tailscale-Handshake: {Convert.ToBase64String(initiator.Initiation)}\r\nContent-Length: 0\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), ct);
            byte[] buffer = new byte[4096];
            int have = 0, head;
            while ((head = Encoding.ASCII.GetString(buffer, 0, have).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
            {
                int read = await stream.ReadAsync(buffer.AsMemory(have), ct);
                have += read > 0 ? read : throw new IOException("closed before the answer");
            }

            string status = Encoding.ASCII.GetString(buffer, 0, 12);
            if (status != "HTTP/1.1 101")
            {
                throw new HttpRequestException(status, null, (HttpStatusCode)int.Parse(status[9..], System.Globalization.CultureInfo.InvariantCulture));
            }

            head += 4;
            while (true)
            {
                NoiseFault? fault = initiator.TryFinish(buffer.AsSpan(head, have - head), out NoiseRecords? records, out int consumed);
                if (fault == NoiseFault.None)
                {
                    return new NoiseStream(stream, records!, buffer.AsSpan(head + consumed, have - head - consumed), expectEarlyPayload: true);
                }

                int read = fault is null ? await stream.ReadAsync(buffer.AsMemory(have), ct) : 0;
                have += read > 0 ? read : throw new IOException("no handshake: " + fault);
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken ct = default)
    {
        HttpRequestMessage request = new(method, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body is null ? null : new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public async Task<(int Status, string Text)> PostAsync(string path, byte[] body)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, body);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<(int Status, string Text)> PostAsync<T>(string path, T body, JsonTypeInfo<T> type) => PostAsync(path, JsonSerializer.SerializeToUtf8Bytes(body, type));

    public async Task<RegisterResponse> RegisterAsync(RegisterRequest request)
    {
        (int status, string text) = await PostAsync("machine/register", request, TailcfgJson.Default.RegisterRequest);
        return status == 200 ? JsonSerializer.Deserialize(text, TailcfgJson.Default.RegisterResponse)! : throw new HttpRequestException(text, null, (HttpStatusCode)status);
    }

    public Task<(int Status, string Text)> UpdateAsync(MapRequest request) => PostAsync("machine/map", request, TailcfgJson.Default.MapRequest);

    public async Task<MapReader> OpenMapAsync(MapRequest request)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, "machine/map", JsonSerializer.SerializeToUtf8Bytes(request, TailcfgJson.Default.MapRequest));
        return response.IsSuccessStatusCode
            ? new MapReader(response, request.Compress == "zstd")
            : throw new HttpRequestException(await response.Content.ReadAsStringAsync(), null, response.StatusCode);
    }
}
