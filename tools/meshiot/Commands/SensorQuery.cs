using System;
using System.Threading;
using System.Threading.Tasks;
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

    public bool Wants(SensorDto sensor) => Sensor is null || string.Equals(sensor.Id, Sensor, StringComparison.OrdinalIgnoreCase);

    public Task<SensorsDto> AskAsync(UnixHttpClient agent, CancellationToken ct) => agent.GetAsync(
        "localapi/v0/sensors" + (Gateway is null ? "" : "?gateway=" + Uri.EscapeDataString(Gateway)),
        LocalApiJson.Default.SensorsDto, ct);
}
