using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshIoT.Coordinator;

/// <summary>
/// <c>POST /ts2021</c>: the Noise handshake in an HTTP upgrade, then HTTP/2 inside. Usual requests come from <see cref="UpgradeDoor"/>;
/// those in another form, and refusals of them, through the HTTP server, whose request then lasts as long as the connection does.
/// </summary>
internal sealed class Ts2021Endpoint(Ts2021Acceptor acceptor, NoiseListenerFactory inner, HandshakeLine line, CoordinatorLog log)
{
    const string NotGenuine = "400 Bad Request", Busy = "503 Service Unavailable", BusyText = "too many handshakes, try again later";

    static readonly byte[] Switching = Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: {Ts2021.UpgradeProtocol}\r\n\r\n");

    long connections;

    /// <summary>Serves a connection that has asked for the upgrade, to its end.</summary>
    public async Task ServeAsync(ConnectionContext connection, string handshake)
    {
        IPAddress address = RemoteAddress.Of(connection);
        string remote = address.ToString();
        PipeWriter output = connection.Transport.Output;
        Ts2021Acceptance? acceptance = await AcceptAsync(address, Ts2021.UpgradeProtocol, handshake, connection.ConnectionClosed).ConfigureAwait(false);
        if (acceptance is not { IsAccepted: true })
        {
            await output.WriteAsync(acceptance is null
                ? Refusal(Busy, BusyText, line.RetryAfterSeconds())
                : Refusal(NotGenuine, acceptance.Reason, 0)).ConfigureAwait(false);
            return;
        }

        // Goes out in one segment with the answer to the handshake.
        output.Write(Switching);
        await using DuplexStream transport = new(connection.Transport);
        await ServeAsync(acceptance, transport, remote).ConfigureAwait(false);
    }

    /// <summary>Answers a request that the HTTP server has read.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        IPAddress address = RemoteAddress.Of(context) ?? IPAddress.None;
        IHttpUpgradeFeature? upgrade = context.Features.Get<IHttpUpgradeFeature>();
        Ts2021Acceptance? acceptance = await AcceptAsync(
            address, context.Request.Headers.Upgrade, context.Request.Headers[Ts2021.HandshakeHeader], context.RequestAborted).ConfigureAwait(false);
        if (acceptance is null)
        {
            context.Response.Headers.RetryAfter = line.RetryAfterSeconds().ToString(CultureInfo.InvariantCulture);
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status503ServiceUnavailable, BusyText).ConfigureAwait(false);
            return;
        }

        if (!acceptance.IsAccepted || upgrade is not { IsUpgradableRequest: true })
        {
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status400BadRequest, acceptance.Reason).ConfigureAwait(false);
            return;
        }

        context.Response.Headers.Upgrade = Ts2021.UpgradeProtocol;
        context.Response.Headers.Connection = "upgrade";
        await using Stream transport = await upgrade.UpgradeAsync().ConfigureAwait(false);
        await ServeAsync(acceptance, transport, address.ToString()).ConfigureAwait(false);
    }

    // Null: there is no time for it now.
    async Task<Ts2021Acceptance?> AcceptAsync(IPAddress address, string? upgrade, string? handshake, CancellationToken gone)
    {
        using HandshakeLine.Turn turn = await line.EnterAsync(RemoteAddress.GroupOf(address), gone).ConfigureAwait(false);
        if (!turn.IsGranted)
        {
            log.TurnedAway(address.ToString(), "too many handshakes");
            return null;
        }

        Ts2021Acceptance acceptance = acceptor.Accept(upgrade, handshake);
        if (!acceptance.IsAccepted)
        {
            log.HandshakeFailed(address.ToString(), acceptance.Fault.ToString());
        }

        return acceptance;
    }

    async Task ServeAsync(Ts2021Acceptance acceptance, Stream transport, string remote)
    {
        NoiseStream noise = await acceptance.OpenAsync(transport, null, CancellationToken.None).ConfigureAwait(false);
        string id = "noise-" + Interlocked.Increment(ref connections).ToString(CultureInfo.InvariantCulture);
        await inner.ServeAsync(new NoiseConnection(noise, new NoisePeer(acceptance.MachineKey, remote), id)).ConfigureAwait(false);
    }

    static byte[] Refusal(string status, string text, int retryAfterSeconds)
    {
        string retry = retryAfterSeconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"Retry-After: {retryAfterSeconds}\r\n") : "";
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n{retry}Content-Length: {text.Length + 1}\r\n\r\n{text}\n"));
    }
}
