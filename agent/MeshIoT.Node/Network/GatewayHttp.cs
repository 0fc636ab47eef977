using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.PortMap;

namespace MeshIoT.Node.Network;

/// <summary>
/// HTTP to one router and to nobody else: the address is fixed here, whatever an answer says; no proxy, no redirection, no cookies, a bounded
/// answer in bounded time, a connection per request.
/// </summary>
internal sealed class GatewayHttp : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    readonly HttpClient http;

    /// <summary>For this router.</summary>
    public GatewayHttp(PortMapNetwork network) => http = new HttpClient(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        MaxResponseHeadersLength = 16,
        ConnectCallback = async (context, ct) =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                MarkedSocket.Mark(socket);
                await socket.ConnectAsync(new IPEndPoint(network.Gateway, context.DnsEndPoint.Port), ct).ConfigureAwait(false);
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
        Timeout = Patience,
        MaxResponseContentBufferSize = PortMapper.LargestHttpAnswer,
    };

    /// <summary>Asks; status 0 when no answer came, in time and of bearable size. Never throws.</summary>
    public async Task<(int Status, byte[] Body)> AskAsync(PortMapHttp ask, CancellationToken ct)
    {
        using HttpRequestMessage request = new(ask.Body is null ? HttpMethod.Get : HttpMethod.Post, ask.Url);
        request.Headers.ConnectionClose = true;
        if (ask.Body is not null)
        {
            request.Content = new ByteArrayContent(ask.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
            request.Headers.TryAddWithoutValidation("SOAPAction", $"\"{ask.SoapAction}\"");
        }

        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, ct).ConfigureAwait(false);
            return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException or System.IO.IOException or SocketException)
        {
            return (0, []);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
