using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <content>Answers to what the server asks of a running node. control-plane.md section 5.8.</content>
public sealed partial class ControlClient
{
    const int MaxPingsAtOnce = 4;
    static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(15);

    int pings;

    /// <summary>Starts the answer; one that fails, or one too many at once, is dropped: the server asks again.</summary>
    void AnswerPing(HttpClient http, PingRequest ping, CancellationToken ct)
    {
        if (Interlocked.Increment(ref pings) > MaxPingsAtOnce)
        {
            Interlocked.Decrement(ref pings);
            return;
        }

        _ = RunAsync();

        async Task RunAsync()
        {
            try
            {
                using CancellationTokenSource deadline = new(PingTimeout, options.Time);
                using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
                await AnswerPingAsync(http, ping, linked.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The map stream beside it shows whether the connection is gone.
            }
            finally
            {
                Interlocked.Decrement(ref pings);
            }
        }
    }

    async Task AnswerPingAsync(HttpClient http, PingRequest ping, CancellationToken ct)
    {
        // Some servers send a path only.
        if (!Uri.TryCreate(options.LoginServer, ping.URL, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            return;
        }

        if (ping.Types == "c2n")
        {
            byte[] answer = C2nRequest.Answer(ping.Payload);
            using HttpRequestMessage post = NewRequest(HttpMethod.Post, url.PathAndQuery, answer, "application/octet-stream");
            using HttpResponseMessage taken = await http.SendAsync(post, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        }
        else if (string.IsNullOrEmpty(ping.Types))
        {
            if (ping.URLIsNoise)
            {
                using HttpRequestMessage head = NewRequest(HttpMethod.Head, url.PathAndQuery, null);
                using HttpResponseMessage seen = await http.SendAsync(head, ct).ConfigureAwait(false);
            }
            else if (url.Host == options.LoginServer.Host && (url.Scheme == Uri.UriSchemeHttp || TlsLibrary.IsPresent))
            {
                // Only the coordinator's own host: this node is not to be sent at others.
                using SocketsHttpHandler plain = ControlSocket.NewHandler(options);
                using HttpClient client = new(plain, disposeHandler: false);
                using HttpRequestMessage head = new(HttpMethod.Head, url);
                using HttpResponseMessage seen = await client.SendAsync(head, ct).ConfigureAwait(false);
            }
        }
    }
}
