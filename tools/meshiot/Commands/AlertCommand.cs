using System;
using System.CommandLine;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot alert: what this gateway has told people, and whether it can.</summary>
internal static class AlertCommand
{
    public static Command Build() => new("alert", "What this gateway tells people when something is wrong: by webhook, e-mail and MQTT.")
    {
        new Command("list",
            """
            List the alerts that people have been told of and that are not over. What is wrong but not worth an alert shows in "meshiot status".

            Examples:
              meshiot alert list
              meshiot alert list --json | jq -r '.alerts[].topic'
            """) { Shared.Socket }.Runs(ListAsync),
        new Command("test",
            """
            Have the gateway send a test message to everybody it tells. Whether it arrived is seen where it should; what fails shows in
            "meshiot status" within seconds, with the reason.

            Examples:
              meshiot alert test && sleep 20 && meshiot status
            """) { Shared.Socket }.Runs(TestAsync),
    };

    static async Task<int> ListAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient agent = Shared.Agent(parsed);
        AlertsDto alerts = await agent.GetAsync("localapi/v0/alerts", GatewayJson.Default.AlertsDto, ct);
        if (parsed.GetValue(Shared.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(alerts, CliJson.Default.AlertsDto));
            return ExitCodes.Done;
        }

        Columns columns = new();
        columns.Add("Since (UTC)", "Severity", "About", "What");
        foreach (AlertDto alert in alerts.Alerts)
        {
            columns.Add(Words.Minute(alert.Since), Words.Cell(alert.Severity), Words.Cell(alert.Topic), Words.Cell(alert.Message));
        }

        if (alerts.Alerts.Count > 0)
        {
            columns.Write(Console.Out);
        }
        else if (!alerts.IsConfigured)
        {
            Console.Error.WriteLine("Nobody is told: the configuration has no section [alerts].");
        }

        return ExitCodes.Done;
    }

    static async Task<int> TestAsync(ParseResult parsed, CancellationToken ct)
    {
        using UnixHttpClient agent = Shared.Agent(parsed);
        await agent.PostAsync("localapi/v0/alerts/test", new UpRequestDto(), LocalApiJson.Default.UpRequestDto, GatewayJson.Default.AlertsDto, ct);
        Console.Error.WriteLine("Sent.");
        return ExitCodes.Done;
    }
}
