using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Alerts;
using MeshIoT.Alerts.Delivery;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>meshiot-coordinator alerts FILE: reads the file, sends a test to everybody in it, and says what became of it.</summary>
internal static class AlertsCommand
{
    static readonly Argument<string> File = new("FILE") { Description = "The file that \"serve --alerts\" is to have." };

    public static Command Build()
    {
        Command command = new("alerts",
            """
            Check a file of alerts: send a test message to everybody it names, and say who got it. Exit code 1 when somebody did not.

              offline_after = "10m"          how long a gateway must be silent
              key_warning = "7d"             how long before its key expires
              tags = ["tag:gateway"]         which nodes; without it every tagged node
              [[alerts.webhook]]
              url = "https://ntfy.example.net/greenhouse"
              format = "text"                json, text (ntfy), chat (Slack, Mattermost, Discord)
              [alerts.email]
              server = "mail.example.net:587"
              user = "alerts"
              password_file = "/etc/meshiot/mail-password"
              from = "alerts@example.net"
              to = ["ops@example.net"]

            Examples:
              meshiot-coordinator alerts /etc/meshiot/alerts.toml
            """) { File };
        command.SetAction(RunAsync);
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        try
        {
            AlertOptions options = CoordinatorAlerts.Read(parsed.GetRequiredValue(File)).Options;
            DateTimeOffset now = DateTimeOffset.UtcNow;
            AlertMessage test = AlertMessage.From(new AlertNotice(AlertKind.Raised, "test", Faults.AlertTest.With(), now, now, 0), "coordinator");
            bool isWell = true;
            foreach (IDelivery delivery in Deliveries(options))
            {
                using (delivery)
                {
                    string? why = await delivery.SendAsync(test, ct);
                    Console.Out.WriteLine(why is null ? $"{delivery.Name}: sent" : $"{delivery.Name}: not sent: {why}");
                    isWell &= why is null;
                }
            }

            return isWell ? ExitCodes.Done : ExitCodes.Failed;
        }
        catch (FaultException e)
        {
            Console.Error.WriteLine("meshiot-coordinator: " + e.Report);
            return e.Report.Fault.ExitCode;
        }
    }

    static IEnumerable<IDelivery> Deliveries(AlertOptions options)
    {
        foreach (WebhookOptions webhook in options.Webhooks)
        {
            yield return new WebhookDelivery(webhook);
        }

        if (options.Email is { } email)
        {
            yield return new EmailDelivery(email);
        }
    }
}
