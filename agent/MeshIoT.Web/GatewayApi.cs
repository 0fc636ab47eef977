using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Sensors;
using MeshIoT.Web.Http;

namespace MeshIoT.Web;

/// <summary>What a gateway serves on its tailnet address: <c>/api/v1/sensors</c>, <c>/api/v1/sensors/{id}</c> and a page at <c>/</c>.</summary>
public sealed class GatewayApi
{
    readonly Func<string> gatewayName;
    readonly Sampler sampler;
    readonly TimeProvider time;

    /// <summary>Serves the readings of <paramref name="sampler"/>.</summary>
    /// <param name="gatewayName">The gateway's host name, as it is when asked.</param>
    /// <param name="sampler">The readings.</param>
    /// <param name="time">The clock.</param>
    public GatewayApi(Func<string> gatewayName, Sampler sampler, TimeProvider time) =>
        (this.gatewayName, this.sampler, this.time) = (gatewayName, sampler, time);

    /// <summary>Answers one request.</summary>
    public ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.Method is not ("GET" or "HEAD"))
        {
            return new(HttpResponse.Problem(Faults.MethodNotAllowed.With(request.Method, "GET"), 405));
        }

        const string One = "/api/v1/sensors/";
        return new(request.Path switch
        {
            "/" => new HttpResponse(200, "text/html; charset=utf-8", Page.Bytes),
            "/api/v1/sensors" => HttpResponse.Json(List(), LocalApiJson.Default.SensorListDto),
            _ when request.Path.StartsWith(One, StringComparison.Ordinal) => Single(request.Path[One.Length..]),
            _ => HttpResponse.Problem(Faults.NoSuchPath.With(Shorten(request.Path))),
        });
    }

    /// <summary>All readings as they are now.</summary>
    public SensorListDto List()
    {
        DateTimeOffset now = time.GetUtcNow();
        var readings = sampler.Latest(now.ToUnixTimeMilliseconds());
        SensorDto[] sensors = new SensorDto[readings.Count];
        for (int i = 0; i < sensors.Length; i++)
        {
            sensors[i] = ToDto(readings[i]);
        }

        return new(gatewayName(), now, sensors);
    }

    HttpResponse Single(string id) =>
        sampler.Find(id, time.GetUtcNow().ToUnixTimeMilliseconds()) is { } reading
            ? HttpResponse.Json(ToDto(reading), LocalApiJson.Default.SensorDto)
            : HttpResponse.Problem(Faults.NoSuchSensor.With(Shorten(id)));

    static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";

    static SensorDto ToDto(Reading r) => new()
    {
        Id = r.Sensor.Id,
        Name = r.Sensor.Name,
        Kind = r.Sensor.Driver,
        Quantity = r.Sensor.Quantity,
        Unit = r.Sensor.Unit,
        Value = r.Value,
        Time = r.UnixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(r.UnixMs),
        Quality = r.Quality switch { Quality.Good => "good", Quality.Stale => "stale", Quality.Bad => "bad", _ => "none" },
        Simulated = r.Sensor.Simulated,
    };
}
