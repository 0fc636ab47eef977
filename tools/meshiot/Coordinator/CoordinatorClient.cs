using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Coordinator;

/// <summary>The coordinator's REST interface, over its socket or its URL, with faults instead of status codes.</summary>
internal sealed class CoordinatorClient : IDisposable
{
    readonly CoordinatorAddress address;
    readonly HttpClient http;

    /// <summary>Nothing is opened yet.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="token">The API token; null at a socket.</param>
    public CoordinatorClient(CoordinatorAddress address, string? token)
    {
        this.address = address;
        SocketsHttpHandler handler = new() { UseProxy = address.Url is not null, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(20) };
        if (address.SocketPath is { } path)
        {
            handler.ConnectCallback = (_, ct) => ConnectAsync(path, ct);
        }

        http = new HttpClient(handler)
        {
            BaseAddress = address.Url ?? new Uri("http://localhost/"),
            Timeout = TimeSpan.FromSeconds(60),
            MaxResponseContentBufferSize = UnixHttpClient.MaxAnswerBytes,
        };
        if (token is not null && !http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token))
        {
            throw Faults.ApiTokenUnknown.With().ToException();
        }
    }

    /// <summary>Asks, and reads the answer.</summary>
    /// <exception cref="FaultException">Nobody answers, or the answer is a problem.</exception>
    public async Task<T> SendAsync<TBody, T>(HttpMethod method, string path, TBody? body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, string? ifMatch, CancellationToken ct)
        where TBody : class
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using HttpResponseMessage response = await AskAsync(request, ct).ConfigureAwait(false);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw Faults.AnswerNotUnderstood.With((int)response.StatusCode).ToException(e);
        }
    }

    /// <summary>Asks for something whose answer has no body.</summary>
    /// <exception cref="FaultException">Nobody answers, or the answer is a problem.</exception>
    public async Task SendAsync(HttpMethod method, string path, CancellationToken ct)
    {
        using HttpRequestMessage request = new(method, path);
        using HttpResponseMessage response = await AskAsync(request, ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken ct)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, ct).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (address.Url is null && e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw Faults.SocketRefused.With().ToException(e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw (address.Url is { } url ? Faults.AdministrationAway.With(url, Reason(e)) : Faults.CoordinatorNotRunning.With(address.SocketPath)).ToException(e);
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

    static string Reason(Exception e) => e switch
    {
        OperationCanceledException => "it took too long",
        { InnerException: AuthenticationException } => "its certificate is not trusted here",
        { InnerException: SocketException s } => s.SocketErrorCode.ToString(),
        _ => "the connection failed",
    };

    static async Task<FaultReport> ReadProblemAsync(HttpResponseMessage response, CancellationToken ct)
    {
        int status = (int)response.StatusCode;
        try
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
            if (JsonSerializer.Deserialize(body, LocalApiJson.Default.ProblemDto) is { Code: { } code, Message: { } message } problem)
            {
                Fault fault = new(Printable(code), Severity.High, ProblemDto.ExitCodeFor(status), "{0}", "{1}");
                return new FaultReport(fault, Printable(message), Printable(problem.Next ?? problem.Detail ?? ""));
            }
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            // Not a problem document: the status alone must do.
        }

        return Faults.AnswerNotUnderstood.With(status);
    }

    // A server's words go to a terminal: no control character may pass, but for the ends of lines.
    static string Printable(string text) => new([.. text.Select(c => char.IsControl(c) && c != '\n' ? '?' : c)]);

    static async ValueTask<Stream> ConnectAsync(string path, CancellationToken ct)
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
    }
}
