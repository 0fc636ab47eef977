using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Web.Http;
using MeshIoT.Web.Live;
using MeshIoT.Web.Metrics;
using MeshIoT.Web.OpenApi;
using MeshIoT.Web.Pages;
using MeshIoT.Web.Resources;
using MeshIoT.Web.Routing;

namespace MeshIoT.Web;

/// <summary>What a gateway serves on its tailnet address: a page at <c>/</c>, and the REST interface under <c>/api/v1/</c>.</summary>
public sealed class GatewayApi : IDisposable
{
    /// <summary>The capability that a policy grants to those who may set outputs.</summary>
    public const string SwitchCapability = WebAccess.SwitchCapability;

    readonly SensorResource sensors;
    readonly LiveEvents live;
    readonly WebRoutes routes;

    /// <summary>Serves what <paramref name="context"/> has.</summary>
    public GatewayApi(GatewayContext context)
    {
        sensors = new SensorResource(context);
        WebAccess access = new(context);
        StatusResource status = new(context, access);
        live = new LiveEvents(context, status.Health);
        routes = new WebRoutes(
        [
            .. PageResource.Routes,
            .. sensors.Routes,
            .. live.Routes,
            .. status.Routes,
            .. new OutputResource(context, access).Routes,
            .. new HistoryResource(context).Routes,
            .. new MetricsResource(context, live).Routes,
            OpenApiDocument.Route(() => Operations, context.Version),
        ]);
    }

    /// <summary>Serves the readings of <paramref name="sampler"/> and nothing else.</summary>
    /// <param name="gatewayName">The gateway's host name, as it is when asked.</param>
    /// <param name="sampler">The readings.</param>
    /// <param name="time">The clock.</param>
    public GatewayApi(Func<string> gatewayName, Sampler sampler, TimeProvider time)
        : this(new GatewayContext { Name = gatewayName, Sampler = sampler, Time = time })
    {
    }

    /// <summary>Every operation.</summary>
    public IReadOnlyList<WebRoute> Operations => routes.All;

    /// <summary>Who is told of readings as they come.</summary>
    public LiveEvents Live => live;

    /// <summary>Answers one request.</summary>
    public ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken ct) => routes.HandleAsync(request, ct);

    /// <summary>All readings as they are now.</summary>
    public SensorListDto List() => sensors.List(null);

    /// <summary>All readings as they are now, each with what it was during the last <paramref name="recent"/>.</summary>
    public SensorListDto List(TimeSpan? recent) => sensors.List(recent);

    /// <inheritdoc/>
    public void Dispose() => live.Dispose();
}
