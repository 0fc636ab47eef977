using System;
using System.Collections.Generic;
using MeshIoT.Agent.Configuration;
using MeshIoT.Health;
using MeshIoT.Sensors;
using Xunit;

namespace MeshIoT.Agent.Tests;

public class OutputSectionTests
{
    static IReadOnlyList<OutputEntry> Read(string toml)
    {
        ConfigTable root = ConfigFile.Parse(toml, "m.toml");
        SettingsFile.Of(root);
        return GatewaySections.From(root).Outputs;
    }

    [Fact]
    public void An_entry_says_everything_about_an_output()
    {
        OutputEntry entry = Assert.Single(Read("""
            [[output]]
            id = "pump"
            driver = "relay"
            bus = "pinctrl-rp1"
            pin = 17
            active_low = true
            name = "Pump"
            room = "Garden"
            fail_safe = 1
            max_on = "10m"
            restore = true
            """));
        Assert.Equal(("pump", "relay", "pinctrl-rp1", "Pump", "Garden", "1", true), (entry.Id, entry.Driver, entry.Bus, entry.Name, entry.Room, entry.FailSafe, entry.Restore));
        Assert.Equal((TimeSpan.FromMinutes(10), "17", "true", "m.toml:1:1"), (entry.MaxOn, entry.Options["pin"], entry.Options["active_low"], entry.Origin));
        Assert.Equal(("off", null, false), (Read("[[output]]\nid = \"a\"\ndriver = \"pwm\"")[0] is { } plain ? (plain.FailSafe, plain.MaxOn, plain.Restore) : default));
    }

    [Theory]
    [InlineData("[[output]]\nid = \"a\"\ndriver = \"rely\"", "driver-unknown", "m.toml:3:10", "Did you mean \"relay\"?")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"sim\"\n[[output]]\nid = \"a\"\ndriver = \"relay\"", "sensor-duplicate", "m.toml:4:1", "m.toml:1:1")]
    [InlineData("[[output]]\nid = \"a\"\ndriver = \"relay\"\nfail_save = 1", "setting-unknown", "m.toml:4:13", "Did you mean \"fail_safe\"?")]
    [InlineData("[[output]]\nid = \"a\"\ndriver = \"relay\"\nfail_safe = [1]", "setting-malformed", "m.toml:4:13", "keep")]
    [InlineData("[[output]]\nid = \"a\"\ndriver = \"relay\"\nmax_on = \"soon\"", "setting-malformed", "m.toml:4:10", "a time")]
    [InlineData("[[output]]\nid = \"a b\"\ndriver = \"relay\"", "setting-malformed", "m.toml:2:6", "a b")]
    public void What_is_wrong_is_named_with_its_place(string toml, string code, string place, string says)
    {
        FaultReport report = Assert.Throws<FaultException>(() => Read(toml)).Report;
        Assert.Equal(code, report.Fault.Code);
        Assert.Contains(place, report.ToString(), StringComparison.Ordinal);
        Assert.Contains(says, report.ToString(), StringComparison.Ordinal);
    }
}
