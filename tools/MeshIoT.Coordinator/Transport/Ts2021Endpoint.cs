using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshIoT.Coordinator;

/// <summary>
/// <c>POST /ts2021</c>: the Noise handshake in an HTTP upgrade, then HTTP/2 inside. The request lasts as long as the connection does:
/// when its handler returned, the server would close the stream.
/// </summary>
internal sealed class Ts2021Endpoint(Ts2021Acceptor acceptor, NoiseListenerFactory inner, CoordinatorLimits limits, TimeProvider time, CoordinatorLog log)
{
    readonly TokenBucket handshakes = new(limits.HandshakeBurst, limits.HandshakesPerSecond, time);
    long connections;

    public async Task HandleAsync(HttpContext context)
    {
        string remote = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (!handshakes.TryTake())
        {
            log.TurnedAway(remote, "too many handshakes");
            context.Response.Headers.RetryAfter = "5";
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status503ServiceUnavailable, "too many handshakes, try again later").ConfigureAwait(false);
            return;
        }

        IHttpUpgradeFeature? upgrade = context.Features.Get<IHttpUpgradeFeature>();
        Ts2021Acceptance acceptance = acceptor.Accept(context.Request.Headers.Upgrade, context.Request.Headers[Ts2021.HandshakeHeader]);
        if (!acceptance.IsAccepted || upgrade is not { IsUpgradableRequest: true })
        {
            log.HandshakeFailed(remote, acceptance.IsAccepted ? "not an upgrade" : acceptance.Fault.ToString());
            await HttpBodies.WriteTextAsync(context, StatusCodes.Status400BadRequest, acceptance.Reason).ConfigureAwait(false);
            return;
        }

        context.Response.Headers.Upgrade = Ts2021.UpgradeProtocol;
        context.Response.Headers.Connection = "upgrade";
        await using Stream transport = await upgrade.UpgradeAsync().ConfigureAwait(false);
        NoiseStream noise = await acceptance.OpenAsync(transport, null, CancellationToken.None).ConfigureAwait(false);
        string id = "noise-" + Interlocked.Increment(ref connections).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await inner.ServeAsync(new NoiseConnection(noise, new NoisePeer(acceptance.MachineKey, remote), id)).ConfigureAwait(false);
    }
}
