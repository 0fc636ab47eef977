using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary><c>GET /key</c>: asks the login server for its Noise key, as the URL is written; TLS is verified here. control-plane.md section 2.</summary>
internal sealed class ServerKeyFetch(ControlOptions options, ConnectFaults faults)
{
    const int MaxBody = 64 * 1024, BareKeyLength = 64;

    public async Task<MachinePublicKey> RunAsync(CancellationToken cancellationToken)
    {
        Uri server = options.LoginServer;
        if (server.Scheme == Uri.UriSchemeHttps && !TlsLibrary.IsPresent)
        {
            throw Faults.TlsLibraryMissing.With(faults.Server).ToException();
        }

        // Redirects are not followed: whoever is asked for the key must be who the person named.
        using SocketsHttpHandler handler = ControlSocket.NewHandler(options);
        using HttpClient client = new(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        using CancellationTokenSource deadline = new(options.DialTimeout, options.Time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            string address = $"{server.GetLeftPart(UriPartial.Path).TrimEnd('/')}/key?v={options.CapabilityVersion}";
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token).ConfigureAwait(false);
            byte[]? body = await BoundedBody.ReadAsync(response.Content, MaxBody, linked.Token).ConfigureAwait(false);
            return Judge(response, body);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw faults.Unreachable($"no answer within {options.DialTimeout.TotalSeconds:0} s", e);
        }
        catch (Exception e) when (e is not (OperationCanceledException or FaultException))
        {
            throw faults.From(e);
        }
    }

    MachinePublicKey Judge(HttpResponseMessage response, byte[]? body)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw faults.NotACoordinator(response.Headers.Location is { } location
                ? $"it answers {(int)response.StatusCode} and points to {Printable.Clean(location.ToString())}"
                : $"it answers {(int)response.StatusCode} when asked for its key");
        }

        if (body is null)
        {
            throw faults.NotACoordinator("it answers far too much when asked for its key");
        }

        try
        {
            MachinePublicKey key = JsonSerializer.Deserialize(body, TailcfgJson.Default.OverTlsPublicKeyResponse)?.PublicKey ?? default;
            return key.IsZero ? throw Faults.CoordinatorTooOld.With(faults.Server).ToException() : key;
        }
        catch (JsonException)
        {
            string text = Encoding.Latin1.GetString(body).Trim();
            throw text.Length == BareKeyLength && text.All(char.IsAsciiHexDigit)
                ? Faults.CoordinatorTooOld.With(faults.Server).ToException()
                : faults.NotACoordinator(text.StartsWith('<') ? "it answers with a web page when asked for its key" : "its answer is no key");
        }
    }
}
