using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>What people name when they mean sensors: nothing (all), GATEWAY, GATEWAY/SENSOR, or /SENSOR on any gateway.</summary>
internal readonly record struct SensorQuery(string? Gateway, string? Sensor)
{
    public static SensorQuery Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return default;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new(text, null) : new(slash == 0 ? null : text[..slash], slash == text.Length - 1 ? null : text[(slash + 1)..]);
    }

    /// <summary>The same, with a gateway that an option names.</summary>
    /// <exception cref="FaultException">Both name one, and not the same.</exception>
    public static SensorQuery Parse(string? text, string? gateway)
    {
        SensorQuery query = Parse(text);
        return gateway is null || gateway == query.Gateway ? query
            : query.Gateway is null ? query with { Gateway = gateway }
            : throw Faults.OptionMalformed.With("--gateway", gateway, $"the gateway of {text}").ToException();
    }

    /// <summary>A sensor by itself (<c>GATEWAY/SENSOR</c> or <c>SENSOR</c>), with a gateway that an option names.</summary>
    public static SensorQuery ParseSensor(string text, string? gateway) => Parse(text.Contains('/', StringComparison.Ordinal) ? text : "/" + text, gateway);

    public bool Wants(SensorDto sensor) => Sensor is null || string.Equals(sensor.Id, Sensor, StringComparison.OrdinalIgnoreCase);

    /// <summary>Asks for the sensors, and where <paramref name="recent"/> is given for what each was during that time.</summary>
    public Task<SensorsDto> AskAsync(UnixHttpClient agent, CancellationToken ct, string? recent = null)
    {
        string path = "localapi/v0/sensors" + (Gateway is null ? "" : "?gateway=" + Uri.EscapeDataString(Gateway));
        path += recent is null ? "" : (Gateway is null ? "?" : "&") + "recent=" + recent;
        return agent.GetAsync(path, GatewayJson.Default.SensorsDto, ct);
    }
}
