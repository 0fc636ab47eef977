using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Web.Http;
using MeshIoT.Web.Routing;

namespace MeshIoT.Web.Resources;

/// <summary>Readings as they are now: <c>/api/v1/sensors</c> and <c>/api/v1/sensors/{id}</c>.</summary>
internal sealed class SensorResource(GatewayContext context)
{
    /// <summary>Parts of the time that <c>recent</c> asks for: what a line of text or a small picture shows.</summary>
    public const int RecentParts = 24;

    static readonly WebParameter Recent = new("recent", "string", "Adds to each sensor what it was during this time: 15m to 30d, such as 24h.");

    public IEnumerable<WebRoute> Routes =>
    [
        new("GET", "/api/v1/sensors", "listSensors", "All sensors with their latest values.", ListAsync)
        {
            Response = GatewayJson.Default.SensorListDto, Query = [Recent], Problems = [400],
        },
        new("GET", "/api/v1/sensors/{id}", "getSensor", "One sensor with its latest value.", GetAsync)
        {
            Response = GatewayJson.Default.SensorDto, Problems = [404],
        },
    ];

    /// <summary>All readings as they are now.</summary>
    public SensorListDto List(TimeSpan? recent)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        SensorDto[] sensors = SensorMapping.ToDtos(context.Sampler.Latest(now.ToUnixTimeMilliseconds()));
        if (recent is { } span && context.Recent is { } past)
        {
            long to = now.ToUnixTimeMilliseconds(), from = to - (long)span.TotalMilliseconds;
            for (int i = 0; i < sensors.Length; i++)
            {
                sensors[i] = sensors[i] with { Recent = past(sensors[i].Id, from, to, RecentParts) };
            }
        }

        return new(context.Name(), now, sensors);
    }

    /// <summary>The time that <c>recent</c> names; throws a fault for what is none.</summary>
    public static TimeSpan RecentOf(string text) =>
        WebTime.TryParseSpan(text, out TimeSpan span) && span >= TimeSpan.FromMinutes(15) && span <= TimeSpan.FromDays(30)
            ? span : throw WebCall.Malformed("recent", "a time from 15m to 30d, such as 24h");

    ValueTask<HttpResponse> ListAsync(WebCall call)
    {
        TimeSpan? recent = call.Query("recent") is { } text ? RecentOf(text) : null;
        return new(HttpResponse.Json(List(recent), GatewayJson.Default.SensorListDto));
    }

    ValueTask<HttpResponse> GetAsync(WebCall call) => new(
        context.Sampler.Find(call["id"], context.Time.GetUtcNow().ToUnixTimeMilliseconds()) is { } reading
            ? HttpResponse.Json(SensorMapping.ToDto(reading), GatewayJson.Default.SensorDto)
            : HttpResponse.Problem(Faults.NoSuchSensor.With(call["id"].Length <= 80 ? call["id"] : call["id"][..80] + "…")));
}
