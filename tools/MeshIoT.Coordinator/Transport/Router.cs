using System;
using System.IO;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>
/// Sends each request to its endpoint, by door and path. Whatever goes wrong inside stays inside: the caller gets a short text.
/// </summary>
internal sealed class Router(
    OverTlsPublicKeyResponse serverKey, Ts2021Endpoint ts2021, RegisterEndpoint register, MapEndpoint map, AdminApi admin, LoginEndpoint login, CoordinatorLog log)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await (context.Features.Get<Listener>()?.Kind switch
            {
                ListenerKind.Outer => HandleOuterAsync(context),
                ListenerKind.Noise => HandleNoiseAsync(context),
                ListenerKind.Admin => admin.HandleLocalAsync(context),
                _ => HttpBodies.WriteTextAsync(context, StatusCodes.Status404NotFound, "not found"),
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested || e is ConnectionAbortedException or ConnectionResetException or IOException or OperationCanceledException)
        {
            // The caller has gone; nobody is there to be told.
        }
        catch (Exception e)
        {
            await FailAsync(context, e).ConfigureAwait(false);
        }
    }

    async Task FailAsync(HttpContext context, Exception e)
    {
        log.RequestFailed(context.Request.Method, context.Request.Path.Value ?? "/", e is FaultException fault ? fault.Report.Fault.Code : e.GetType().Name);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        int status = e is FaultException ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
        await HttpBodies.WriteTextAsync(context, status, "the coordinator could not do it; its log says why").ConfigureAwait(false);
    }

    Task HandleOuterAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("GET", "/key") => HandleKeyAsync(context),
        ("POST", Ts2021.Path) => ts2021.HandleAsync(context),
        ("GET" or "HEAD", "/healthz") => HttpBodies.WriteTextAsync(context, StatusCodes.Status200OK, "ok"),
        (_, { } path) when path.StartsWith(AdminApi.Prefix, StringComparison.Ordinal) => admin.HandleRemoteAsync(context),
        (_, { } path) when path.StartsWith(RegisterEndpoint.LoginPath, StringComparison.Ordinal) => login.HandleAsync(context),
        _ => HttpBodies.WriteTextAsync(context, StatusCodes.Status404NotFound, "not found"),
    };

    // A client without a version, or with one from before Noise, would not understand the answer.
    Task HandleKeyAsync(HttpContext context) =>
        int.TryParse(context.Request.Query["v"], out int version) && version > 0
            ? HttpBodies.WriteJsonAsync(context, StatusCodes.Status200OK, serverKey, TailcfgJson.Default.OverTlsPublicKeyResponse)
            : HttpBodies.WriteTextAsync(context, StatusCodes.Status400BadRequest, "the query needs v=<capability version>");

    Task HandleNoiseAsync(HttpContext context)
    {
        NoisePeer peer = context.Features.Get<NoisePeer>() ?? throw new InvalidOperationException("a Noise request without its peer");
        return (context.Request.Method, context.Request.Path.Value) switch
        {
            ("POST", "/machine/register") => register.HandleAsync(context, peer),
            ("POST", "/machine/map") => map.HandleAsync(context, peer),
            ("POST", "/machine/set-dns" or "/machine/id-token" or "/machine/feature/query" or "/machine/audit-log" or "/machine/update-health")
                or ("PATCH", "/machine/set-device-attr") => HttpBodies.WriteTextAsync(context, StatusCodes.Status501NotImplemented, "not implemented here"),
            _ => HttpBodies.WriteTextAsync(context, StatusCodes.Status404NotFound, "not found"),
        };
    }
}
