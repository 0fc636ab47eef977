using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot sensor watch: a line per new value, with the path it came by.</summary>
internal static class SensorWatchCommand
{
    static readonly Argument<string?> Target = new("target")
    {
        Description = "GATEWAY or GATEWAY/SENSOR (default: all sensors of all gateways).", Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<int> Count = new("-C", "--count") { Description = "Stop after this many values.", HelpName = "COUNT" };

    static readonly Option<int> Wait = new("-W", "--wait") { Description = "Stop after this many seconds.", HelpName = "SECONDS" };

    static readonly Option<string?> Interval = new("--interval")
    {
        Description = "Ask that often, 500ms, 2s, 1m, instead of being told (gateways of before are asked every 2 s).", HelpName = "TIME",
    };

    static readonly Option<string?> Format = new("-F", "--format") { Description = "What is printed for each value; see above.", HelpName = "FORMAT" };

    public static Command Build() => new Command("watch",
        """
        Print a line for each new value: time, gateway, sensor, value, and the path it came by (direct address and
        the tunnel's byte counters). With --json one object per line.

        Examples:
          meshiot sensor watch greenhouse
          meshiot sensor watch greenhouse/sim.air_temperature -C 10
          meshiot sensor watch --json --interval 10s
          meshiot sensor watch -C 1 -F '%t %p'          a topic and a value, as from mosquitto_sub

        -F FORMAT: %t gateway/sensor, %p value, %x value in hexadecimal, %l its length, %I time in ISO 8601, %U seconds since 1970, %j the
        reading as JSON, %J the same with gateway and path, %q 0 and %r 0 (quality of service and retained, which readings have not), %% a
        percent sign; ours: %g gateway, %s sensor, %n name, %u unit, %Q quality. \n \t \r \a \b \e \0 \\ as usual.
        """)
    {
        Target, SensorOptions.Gateway, Count, Wait, Interval, Format, Shared.Socket,
    }.Runs(RunAsync);

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        SensorQuery query = SensorQuery.Parse(parsed.GetValue(Target), parsed.GetValue(SensorOptions.Gateway));
        WatchFormat? format = parsed.GetValue(Format) is { } given ? WatchFormat.Parse(given) : null;
        TimeSpan? asked = parsed.GetValue(Interval) is { } often ? Durations.Parse(often, "--interval") : null;
        int count = parsed.GetValue(Count), wait = parsed.GetValue(Wait), printed = 0;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (wait > 0)
        {
            limit.CancelAfter(TimeSpan.FromSeconds(wait));
        }

        using UnixHttpClient agent = Shared.Agent(parsed);
        Dictionary<(string, string), DateTimeOffset?> seen = [];
        Dictionary<string, string?> silent = [];
        try
        {
            if (asked is null && await new LiveWatch(agent, query, gateway => SayIfSilent(gateway, silent)).RunAsync(Show, limit.Token))
            {
                return ExitCodes.Done;
            }

            while (true)
            {
                SensorsDto answer = await query.AskAsync(agent, limit.Token);
                foreach (GatewaySensorsDto gateway in answer.Gateways)
                {
                    SayIfSilent(gateway, silent);
                    foreach (SensorDto sensor in gateway.Sensors.Where(query.Wants))
                    {
                        if (!Show(gateway, sensor))
                        {
                            return ExitCodes.Done;
                        }
                    }
                }

                await Task.Delay(asked ?? TimeSpan.FromSeconds(2), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time that -W allows is over; that is a failure only if values were counted on.
            return count > 0 ? Shared.Fail(parsed, Faults.WatchTimedOut.With(wait, printed, count)) : ExitCodes.Done;
        }

        // False: that was the last one wanted.
        bool Show(GatewaySensorsDto gateway, SensorDto sensor)
        {
            (string, string) key = (gateway.Gateway, sensor.Id);
            if (sensor.Time is null || (seen.TryGetValue(key, out DateTimeOffset? before) && before == sensor.Time))
            {
                return true;
            }

            seen[key] = sensor.Time;
            Print(parsed, format, gateway, sensor);
            return ++printed != count;
        }
    }

    static void SayIfSilent(GatewaySensorsDto gateway, Dictionary<string, string?> silent)
    {
        silent.TryGetValue(gateway.Gateway, out string? before);
        string? now = gateway.Error?.Code;
        if (now != before && now is not null)
        {
            Console.Error.WriteLine($"meshiot: {gateway.Gateway}: {now}: {gateway.Error!.Message} Trying again.");
        }

        silent[gateway.Gateway] = now;
    }

    static void Print(ParseResult parsed, WatchFormat? format, GatewaySensorsDto g, SensorDto s)
    {
        if (format is not null)
        {
            Console.Out.WriteLine(format.Of(g, s));
            return;
        }

        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new WatchLine(g.Gateway, g.Address, g.Path, g.Endpoint, g.Relay, g.RxBytes, g.TxBytes, s), CliJsonLines.Default.WatchLine));
            return;
        }

        string way = g.Path == "local" ? "local" : string.Create(CultureInfo.InvariantCulture,
            $"{g.Address} {g.Path} {g.Endpoint ?? g.Relay}, tx {g.TxBytes} rx {g.RxBytes}");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{s.Time!.Value.ToLocalTime():HH:mm:ss.fff}  {g.Gateway}/{s.Id}  {Words.Value(s)} {s.Unit}  {Words.Quality(s)}  [{way}]"));
    }
}
