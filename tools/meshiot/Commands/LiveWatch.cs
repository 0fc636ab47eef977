using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>
/// Values as they come, from every gateway at once, through the agent: each gateway sends what is new and nothing else. Gateways that come later are
/// noticed within a minute; one that goes away is asked again.
/// </summary>
internal sealed class LiveWatch(UnixHttpClient agent, SensorQuery query, Action<GatewaySensorsDto> silent)
{
    /// <summary>More streams than the agent has room for.</summary>
    const int MostGateways = 12;

    const int LongestLine = 4 << 20;

    static readonly TimeSpan Again = TimeSpan.FromSeconds(3), LookAround = TimeSpan.FromMinutes(1);

    readonly Channel<(GatewaySensorsDto, SensorDto)?> values = Channel.CreateBounded<(GatewaySensorsDto, SensorDto)?>(256);
    readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Gives each value to <paramref name="print"/> until that says it was enough.</summary>
    /// <returns>False when a gateway knows nothing of live values, or there are too many of them: ask from time to time instead.</returns>
    public async Task<bool> RunAsync(Func<GatewaySensorsDto, SensorDto, bool> print, CancellationToken ct)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task looking = LookAsync(enough.Token);
        try
        {
            await foreach ((GatewaySensorsDto Gateway, SensorDto Sensor)? value in values.Reader.ReadAllAsync(ct))
            {
                if (value is null)
                {
                    return false;
                }

                if (!print(value.Value.Gateway, value.Value.Sensor))
                {
                    return true;
                }
            }

            // Nobody looks any more: it says why.
            await looking;
            return true;
        }
        finally
        {
            await enough.CancelAsync();
        }
    }

    async Task LookAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                SensorsDto answer = await query.AskAsync(agent, ct);
                foreach (GatewaySensorsDto gateway in answer.Gateways)
                {
                    silent(gateway);
                    if (gateway.Error is null && known.Add(gateway.Gateway))
                    {
                        _ = ListenAsync(gateway, ct);
                    }
                }

                if (known.Count > MostGateways)
                {
                    await values.Writer.WriteAsync(null, ct);
                }

                await Task.Delay(LookAround, ct);
            }
        }
        catch (FaultException e)
        {
            values.Writer.TryComplete(e);
        }
        catch (OperationCanceledException)
        {
            values.Writer.TryComplete();
        }
    }

    async Task ListenAsync(GatewaySensorsDto gateway, CancellationToken ct)
    {
        bool isLive = false;
        try
        {
            while (true)
            {
                try
                {
                    isLive |= await ReadAsync(gateway, ct);
                }
                catch (Exception e) when (e is FaultException or IOException or InvalidDataException or JsonException)
                {
                    // It has gone, or talks nonsense; asked again it may not.
                }

                if (!isLive)
                {
                    await values.Writer.WriteAsync(null, ct);
                    return;
                }

                await Task.Delay(Again, ct);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // It was enough.
        }
    }

    // True when at least one event came.
    async Task<bool> ReadAsync(GatewaySensorsDto gateway, CancellationToken ct)
    {
        bool any = false;
        await using Stream stream = await agent.OpenAsync($"localapi/v0/gateways/{Uri.EscapeDataString(gateway.Gateway)}/api/v1/events", ct);
        using BoundedLines lines = new(stream, LongestLine);
        EventLines events = new(lines);
        while (await events.ReadAsync(ct) is var (name, data))
        {
            any = true;
            if (name is not ("sensors" or "readings"))
            {
                continue;
            }

            foreach (SensorDto sensor in (JsonSerializer.Deserialize(data, GatewayJson.Default.SensorListDto)?.Sensors ?? []).Where(query.Wants))
            {
                await values.Writer.WriteAsync((gateway, sensor), ct);
            }
        }

        return any;
    }
}
