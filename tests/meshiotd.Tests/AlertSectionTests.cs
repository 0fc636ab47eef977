using System;
using MeshIoT.Agent.Configuration;
using MeshIoT.Alerts;
using MeshIoT.Alerts.Delivery;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Agent.Tests;

public class AlertSectionTests
{
    static AlertOptions? Read(string toml) => AlertSection.Read(ConfigFile.Parse(toml, "m.toml"));

    [Fact]
    public void Without_the_section_nobody_is_told_and_an_empty_one_has_defaults()
    {
        Assert.Null(Read(""));
        AlertOptions options = Read("[alerts]")!;
        Assert.Equal((Severity.Medium, TimeSpan.FromMinutes(2), 20, true, false), (options.Rules.Least, options.Rules.After, options.Rules.MostPerHour, options.UsesMqtt, options.HasDeliveries));
    }

    [Fact]
    public void Everything_can_be_said()
    {
        AlertOptions options = Read("""
            [alerts]
            severity = "high"
            after = "5m"
            settle = 30
            repeat = "1d"
            most_per_hour = 5
            mqtt = false
            [alerts.rule.sensor-silent]
            after = "1h"
            [alerts.rule.clock-off]
            mute = true
            [[alerts.webhook]]
            url = "https://ntfy.example.net/x"
            format = "text"
            token_file = "/etc/t"
            [[alerts.webhook]]
            name = "chat"
            url = "http://127.0.0.1:8/y"
            format = "chat"
            [alerts.email]
            server = "mail.example.net:2525"
            from = "a@example.net"
            to = ["b@example.net"]
            user = "u"
            password_file = "/etc/p"
            """)!;
        Assert.Equal((Severity.High, 300, 30, 86_400, 5), (options.Rules.Least, options.Rules.After.TotalSeconds, options.Rules.Settle.TotalSeconds, options.Rules.Repeat.TotalSeconds, options.Rules.MostPerHour));
        Assert.Equal(new AlertRule(TimeSpan.FromHours(1)), options.Rules.ByCode["sensor-silent"]);
        Assert.True(options.Rules.ByCode["clock-off"].IsMuted);
        Assert.Equal(new WebhookOptions("ntfy.example.net", new Uri("https://ntfy.example.net/x"), WebhookFormat.Text, "/etc/t"), options.Webhooks[0]);
        Assert.Equal(("chat", WebhookFormat.Chat), (options.Webhooks[1].Name, options.Webhooks[1].Format));
        Assert.Equal(("mail.example.net", 2525, "u", true), (options.Email!.Server, options.Email.Port, options.Email.User, options.Email.UsesTls));
        Assert.False(options.UsesMqtt);
    }

    [Theory]
    [InlineData("[alerts]\nseverity = \"severe\"", "one of low, medium, high")]
    [InlineData("[alerts]\nafterr = 1", "Did you mean \"after\"?")]
    [InlineData("[[alerts.webhook]]\nurl = \"ftp://token@x\"", "an http or https address")]
    [InlineData("[[alerts.webhook]]\nformat = \"json\"", "url is missing")]
    [InlineData("[[alerts.webhook]]\nurl = \"http://x/\"\n[[alerts.webhook]]\nurl = \"http://x/\"", "one webhook only")]
    [InlineData("[alerts.email]\nserver = \"x:465\"", "take 587")]
    [InlineData("[alerts.email]\nserver = \"x\"\nfrom = \"a@b\"\nto = \"nobody\"", "a list of e-mail addresses")]
    [InlineData("[alerts.email]\nserver = \"x\"\nfrom = \"a@b\"\nto = \"c@d\"\nuser = \"u\"", "password_file")]
    public void What_is_wrong_is_named_and_no_secret_with_it(string toml, string says)
    {
        FaultReport report = Assert.Throws<FaultException>(() => Read(toml)).Report;
        Assert.Contains(says, report.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("token@", report.ToString(), StringComparison.Ordinal);
    }
}
