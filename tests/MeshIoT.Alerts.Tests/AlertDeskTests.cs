using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using MeshIoT.Alerts.Delivery;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Alerts.Tests;

/// <summary>The desk with real receivers on loopback: what arrives, what waits, what a restart keeps.</summary>
public sealed class AlertDeskTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly string directory = Directory.CreateTempSubdirectory("meshiot-alerts").FullName;
    readonly ConcurrentDictionary<string, FaultReport> faults = new();
    readonly ConcurrentDictionary<string, FaultReport> health = new();
    readonly AlertRules atOnce = new() { After = TimeSpan.Zero, Settle = TimeSpan.Zero };

    public void Dispose() => Directory.Delete(directory, true);

    AlertDesk Desk() => new(directory, () => "greenhouse", () => faults, TimeProvider.System, (topic, report) =>
    {
        if (report is null)
        {
            health.TryRemove(topic, out _);
        }
        else
        {
            health[topic] = report;
        }
    });

    static T Take<T>(BlockingCollection<T> from) => from.TryTake(out T? got, Patience) ? got : throw new TimeoutException("nothing came");

    async Task UntilAsync(Func<bool> isSo)
    {
        DateTime limit = DateTime.UtcNow + Patience;
        while (!isSo())
        {
            Assert.True(DateTime.UtcNow < limit, "it did not come about");
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task Webhooks_and_mail_tell_of_the_beginning_and_the_end()
    {
        using HookServer json = new(), text = new(), chat = new();
        using MailServer mail = new();
        string token = Path.Combine(directory, "token");
        await File.WriteAllTextAsync(token, "tk_1234\n");
        await using AlertDesk desk = Desk();
        ConcurrentQueue<AlertMessage> told = new();
        desk.Told += told.Enqueue;
        await desk.UseAsync(new AlertOptions
        {
            Rules = atOnce,
            Webhooks = [new("a", json.Url, TokenFile: token), new("b", text.Url, WebhookFormat.Text), new("c", chat.Url, WebhookFormat.Chat)],
            Email = new EmailOptions("127.0.0.1", mail.Port, "alerts@example.net", ["ops@example.net", "maker@example.net"]) { UsesTls = false, User = "me", PasswordFile = token },
        });
        faults["limit:air"] = Faults.SensorAboveLimit.With("Air °", "36 °C", "35 °C");
        desk.Poke();

        (string head, string body) = Take(json.Received);
        Assert.Contains("Authorization: Bearer tk_1234", head, StringComparison.Ordinal);
        JsonElement message = JsonDocument.Parse(body).RootElement;
        Assert.Equal(("raised", "sensor-above-limit", "high", "limit:air", "greenhouse"), (
            message.GetProperty("state").GetString(), message.GetProperty("code").GetString(), message.GetProperty("severity").GetString(),
            message.GetProperty("topic").GetString(), message.GetProperty("source").GetString()));
        Assert.Equal("Air ° is 36 °C, above its limit of 35 °C.", message.GetProperty("message").GetString());
        (head, body) = Take(text.Received);
        Assert.Contains("Title: greenhouse: Air ? is 36 ?C, above", head, StringComparison.Ordinal);
        Assert.Contains("Priority: high", head, StringComparison.Ordinal);
        Assert.StartsWith("greenhouse: Air ° is 36 °C", body, StringComparison.Ordinal);
        Assert.Equal(JsonDocument.Parse(Take(chat.Received).Body).RootElement.GetProperty("content").GetString(), body);
        string letter = Take(mail.Received);
        Assert.Contains("RCPT TO:<maker@example.net>", letter, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", letter, StringComparison.OrdinalIgnoreCase);

        faults.Clear();
        desk.Poke();
        Assert.Equal("over", JsonDocument.Parse(Take(json.Received).Body).RootElement.GetProperty("state").GetString());
        Assert.Equal(["raised", "over"], told.Select(t => t.State));
        Assert.Empty(health);
    }

    [Fact]
    public async Task What_a_receiver_does_not_take_is_shown_without_secrets_and_sent_after_a_restart_once()
    {
        using HookServer hook = new() { Status = 503 };
        AlertOptions options = new() { Rules = atOnce, Webhooks = [new("a", hook.Url)] };
        await using (AlertDesk first = Desk())
        {
            await first.UseAsync(options);
            faults["disk"] = Faults.DiskFull.With("/x", "1 MB");
            first.Poke();
            Take(hook.Received);
            await UntilAsync(() => health.ContainsKey("alerts:webhook a"));
            Assert.Contains("127.0.0.1 answered 503", health["alerts:webhook a"].Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", health["alerts:webhook a"].ToString(), StringComparison.Ordinal);
        }

        hook.Status = 200;
        await using AlertDesk second = Desk();
        await second.UseAsync(options);
        Assert.Contains("disk-full", Take(hook.Received).Body, StringComparison.Ordinal);
        second.Test();
        Assert.Contains("alert-test", Take(hook.Received).Body, StringComparison.Ordinal);
        Assert.Equal("disk", Assert.Single(second.Open).Topic);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_not_followed()
    {
        using HookServer hook = new() { Status = 302 };
        using WebhookDelivery delivery = new(new WebhookOptions("a", hook.Url));
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        Assert.Equal("127.0.0.1 answered 302", await delivery.SendAsync(AlertMessage.From(new(AlertKind.Raised, "t", Faults.AlertTest.With(), now, now, 0), "x"), default));
    }

    [Fact]
    public void A_file_of_open_alerts_that_is_damaged_costs_no_more_than_a_second_message()
    {
        OpenAlertFile file = new(Path.Combine(directory, "alerts.json"));
        Assert.Empty(file.Read());
        Assert.True(file.Write([new OpenAlert("t", "c", Severity.High, "m", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)]));
        Assert.Equal("t", Assert.Single(file.Read()).Topic);
        File.WriteAllText(Path.Combine(directory, "alerts.json"), "[{\"Topic\":");
        Assert.Empty(file.Read());
        Assert.False(new OpenAlertFile("/nonexistent/alerts.json").Write([]));
    }
}
