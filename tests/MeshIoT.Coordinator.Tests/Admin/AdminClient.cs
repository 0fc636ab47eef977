using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Speaks HTTP to the administration, at either door, without any of the manners of the real client.</summary>
internal sealed class AdminClient : IDisposable
{
    readonly HttpClient http;

    AdminClient(SocketsHttpHandler handler, Uri address) => http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    public static AdminClient Local(TestCoordinator coordinator) => new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, ct) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(coordinator.SocketPath), ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        },
        new Uri("http://localhost/"));

    public static AdminClient Remote(TestCoordinator coordinator, string? token = null)
    {
        AdminClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }, new Uri($"http://{coordinator.Listening}/"));
        client.http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<AdminAnswer> SendAsync(string method, string path, string? json = null, string contentType = "application/json", (string Name, string Value)? header = null)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };
        }

        if (header is { } h)
        {
            request.Headers.TryAddWithoutValidation(h.Name, h.Value);
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        return new AdminAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    public Task<AdminAnswer> GetAsync(string path) => SendAsync("GET", path);

    public Task<AdminAnswer> PostAsync(string path, string json = "{}") => SendAsync("POST", path, json);

    /// <summary>A new token's text.</summary>
    public async Task<string> NewTokenAsync(string scopes, string more = "")
    {
        AdminAnswer made = await PostAsync("/api/v1/tokens", $$"""{"scopes":["{{scopes.Replace(",", "\",\"", StringComparison.Ordinal)}}"]{{more}}}""");
        return made.Status == 201 ? made.Json.GetProperty("token").GetString()! : throw new InvalidOperationException(made.Text);
    }

    public void Dispose() => http.Dispose();
}

/// <summary>One answer, read whole.</summary>
internal sealed record AdminAnswer(int Status, string Text, HttpResponseHeaders Headers, string? MediaType)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Code => Json.GetProperty("code").GetString()!;

    public string Message => Json.GetProperty("message").GetString()!;

    public string this[string field] => Json.TryGetProperty(field, out JsonElement value) ? value.ToString() : "";
}
