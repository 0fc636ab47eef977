using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.LocalApi;

/// <summary>HTTP over a unix socket, with faults instead of status codes. One instance serves one program run.</summary>
public sealed class UnixHttpClient : IDisposable
{
    /// <summary>The largest answer accepted, in bytes; a tailnet of 10,000 nodes fits.</summary>
    public const int MaxAnswerBytes = 16 << 20;

    readonly HttpClient http;
    readonly Func<FaultReport> unreachable;

    /// <summary>Makes a client for the socket at <paramref name="path"/>; nothing is opened yet.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="unreachable">What to tell the person when nobody listens there.</param>
    public UnixHttpClient(string path, Func<FaultReport> unreachable)
    {
        this.unreachable = unreachable;
        http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (_, ct) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        })
        {
            BaseAddress = new Uri("http://localhost/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    /// <summary>GET <paramref name="path"/>.</summary>
    /// <exception cref="FaultException">Nobody listens, or the answer is a problem.</exception>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken ct) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), answer, ct);

    /// <summary>GET <paramref name="path"/>, whose answer may be longer than memory; the stream gives it as it comes.</summary>
    /// <exception cref="FaultException">Nobody listens, or the answer is a problem.</exception>
    public async Task<Stream> OpenAsync(string path, CancellationToken ct) =>
        await (await AskAsync(new HttpRequestMessage(HttpMethod.Get, path), ct, HttpCompletionOption.ResponseHeadersRead).ConfigureAwait(false))
            .Content.ReadAsStreamAsync(ct).ConfigureAwait(false);

    /// <summary>DELETE <paramref name="path"/>; an answer body is not read.</summary>
    /// <exception cref="FaultException">Nobody listens, or the answer is a problem.</exception>
    public async Task DeleteAsync(string path, CancellationToken ct)
    {
        using HttpResponseMessage response = await AskAsync(new HttpRequestMessage(HttpMethod.Delete, path), ct).ConfigureAwait(false);
    }

    /// <summary>POST <paramref name="body"/> as JSON to <paramref name="path"/>.</summary>
    /// <exception cref="FaultException">Nobody listens, or the answer is a problem.</exception>
    public Task<TAnswer> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answer, CancellationToken ct) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body, bodyType) }, answer, ct);

    /// <summary>PUT <paramref name="body"/> as JSON to <paramref name="path"/>.</summary>
    /// <exception cref="FaultException">Nobody listens, or the answer is a problem.</exception>
    public Task<TAnswer> PutAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answer, CancellationToken ct) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = Json(body, bodyType) }, answer, ct);

    static ByteArrayContent Json<T>(T body, JsonTypeInfo<T> type)
    {
        ByteArrayContent content = new(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using HttpResponseMessage response = await AskAsync(request, ct).ConfigureAwait(false);
        byte[] body = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw Faults.AnswerNotUnderstood.With((int)response.StatusCode).ToException(e);
        }
    }

    async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken ct, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, completion, ct).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw Faults.SocketRefused.With().ToException(e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw unreachable().ToException(e);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new FaultException(await ReadProblemAsync(response, ct).ConfigureAwait(false));
        }
    }

    static async Task<FaultReport> ReadProblemAsync(HttpResponseMessage response, CancellationToken ct)
    {
        int status = (int)response.StatusCode;
        try
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
            if (JsonSerializer.Deserialize(body, LocalApiJson.Default.ProblemDto) is { Code: { } code, Message: { } message } problem)
            {
                Fault fault = new(code, Severity.High, ProblemDto.ExitCodeFor(status), "{0}", "{1}");
                return new FaultReport(fault, message, problem.Next ?? problem.Detail ?? "");
            }
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            // Not a problem document: the status alone must do.
        }

        return Faults.AnswerNotUnderstood.With(status);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
