using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Node;
using MeshIoT.Web.Http;
using MeshIoT.Web.Live;
using MeshIoT.Web.Routing;

namespace MeshIoT.Web.Metrics;

/// <summary>Everything that is counted and measured, for Prometheus: <c>/metrics</c>.</summary>
internal sealed class MetricsResource(GatewayContext context, LiveEvents live)
{
    const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    readonly DateTimeOffset started = context.Time.GetUtcNow();

    public IEnumerable<WebRoute> Routes =>
    [
        new("GET", "/metrics", "getMetrics", "Sensors, paths, traffic and health in Prometheus' text format.", call => new(new HttpResponse(200, ContentType, Write())))
        {
            ContentType = "text/plain",
        },
    ];

    byte[] Write()
    {
        MetricWriter to = new();
        DateTimeOffset now = context.Time.GetUtcNow();
        NodeStatus? node = context.Node?.Invoke();
        to.Family("meshiot_build_info", "gauge", "The program; always 1.");
        to.Sample(1, ("version", context.Version));
        SensorMetrics.Write(to, context.Name(), context.Sampler.Latest(now.ToUnixTimeMilliseconds()), now);
        if (node is not null)
        {
            NodeMetrics.Write(to, node, now);
        }

        if (context.Traffic is { } traffic)
        {
            NodeMetrics.Write(to, traffic());
        }

        NodeMetrics.Write(to, (node?.Health ?? []).Concat(context.Faults()));
        to.Single("meshiot_live_readers", "gauge", "Readers of live events now.", live.Readers);
        to.Single("meshiot_live_readers_given_up_total", "counter", "Readers of live events that fell behind and were given up.", live.GivenUp);
        ProcessMetrics.Write(to, started);
        return to.ToBytes();
    }
}
