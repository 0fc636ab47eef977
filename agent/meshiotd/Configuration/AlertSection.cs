using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Mail;
using MeshIoT.Alerts;
using MeshIoT.Alerts.Delivery;
using MeshIoT.Health;

namespace MeshIoT.Agent.Configuration;

/// <summary>
/// The section <c>[alerts]</c>: who is told, when and how often. <c>[[alerts.webhook]]</c>, <c>[alerts.email]</c> and <c>[alerts.rule.CODE]</c> stand below it.
/// The coordinator's file of alerts is read by the same text.
/// </summary>
internal static class AlertSection
{
    public const string Name = "alerts";

    const int MostHooks = 16, MostRules = 256, MostPeople = 64;

    static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Null when there is no such section.</summary>
    public static AlertOptions? Read(ConfigTable root)
    {
        if (root.Table(Name) is not { } table)
        {
            return null;
        }

        AlertRules usual = new();
        AlertOptions options = new()
        {
            Rules = usual with
            {
                Least = table.Choice("severity", "medium", "low", "medium", "high") switch { "low" => Severity.Low, "high" => Severity.High, _ => Severity.Medium },
                After = table.Time("after", TimeSpan.Zero, Longest) ?? usual.After,
                Settle = table.Time("settle", TimeSpan.Zero, Longest) ?? usual.Settle,
                Repeat = table.Time("repeat", TimeSpan.Zero, Longest) ?? usual.Repeat,
                MostPerHour = (int)(table.Whole("most_per_hour", 1, 10_000) ?? usual.MostPerHour),
                ByCode = Rules(table.Table("rule")),
            },
            UsesMqtt = table.Flag("mqtt", true),
            Webhooks = [.. table.All("webhook", MostHooks).Select(Webhook)],
            Email = table.Table("email") is { } email ? Email(email) : null,
        };
        string? twice = options.Webhooks.GroupBy(w => w.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw Faults.SettingMalformed.With("name", twice, table.Origin, "the name of one webhook only").ToException();
        }

        table.Finish();
        return options;
    }

    static Dictionary<string, AlertRule> Rules(ConfigTable? rules)
    {
        Dictionary<string, AlertRule> byCode = new(StringComparer.Ordinal);
        foreach (string code in rules?.Tables.Keys.Take(MostRules).ToArray() ?? [])
        {
            ConfigTable rule = rules!.Table(code)!;
            byCode[code] = new AlertRule(rule.Time("after", TimeSpan.Zero, Longest), rule.Time("repeat", TimeSpan.Zero, Longest), rule.Flag("mute", false));
            rule.Finish();
        }

        rules?.Finish();
        return byCode;
    }

    static WebhookOptions Webhook(ConfigTable table)
    {
        string url = table.Required("url", "an http or https address");
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? at) || at.Scheme is not ("http" or "https"))
        {
            // Not shown: it may hold a secret.
            throw Faults.SettingMalformed.With("url", "…", table.Values["url"].Origin, "an http or https address").ToException();
        }

        WebhookOptions options = new(
            table.Text("name", at.Host, 40),
            at,
            table.Choice("format", "json", "json", "text", "chat") switch { "text" => WebhookFormat.Text, "chat" => WebhookFormat.Chat, _ => WebhookFormat.Json },
            table.Text("token_file") is { Length: > 0 } file ? file : null);
        table.Finish();
        return options;
    }

    static EmailOptions Email(ConfigTable table)
    {
        string server = table.Required("server", "a mail server, HOST or HOST:PORT");
        int colon = server.LastIndexOf(':');
        int port = 587;
        if (colon > 0 && (!ushort.TryParse(server.AsSpan(colon + 1), out ushort given) || (port = given) is 0 or 465))
        {
            throw table.Malformed("server", "HOST or HOST:PORT; port 465 is not supported, take 587");
        }

        IReadOnlyList<string> to = table.Texts("to", MostPeople);
        if (to.Count == 0 || !to.All(a => MailAddress.TryCreate(a, out _)))
        {
            throw table.Malformed("to", "a list of e-mail addresses");
        }

        string from = table.Required("from", "an e-mail address");
        EmailOptions options = new(colon > 0 ? server[..colon] : server, port, MailAddress.TryCreate(from, out _) ? from : throw table.Malformed("from", "an e-mail address"), to)
        {
            User = table.Text("user"),
            PasswordFile = table.Text("password_file") is { Length: > 0 } file ? file : null,
            UsesTls = table.Flag("tls", true),
        };
        if (options is { User.Length: > 0, PasswordFile: null })
        {
            throw table.Malformed("password_file", "a file with the password of \"user\"");
        }

        table.Finish();
        return options;
    }
}
