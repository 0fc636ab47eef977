using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Agent.Configuration;
using MeshIoT.Health;
using MeshIoT.Sensors;
using Xunit;

namespace MeshIoT.Agent.Tests;

public class SensorSectionTests
{
    static IReadOnlyList<SensorEntry> Read(string toml)
    {
        ConfigTable root = ConfigFile.Parse(toml, "m.toml");
        SettingsFile.Of(root);
        return GatewaySections.From(root).Sensors;
    }

    [Fact]
    public void An_entry_says_everything_about_a_sensor()
    {
        IReadOnlyList<SensorEntry> entries = Read("""
            sample_interval = 5

            [[sensor]]
            id = "greenhouse"
            driver = "sim"
            bus = "i2c-1"
            address = 0x76
            every = "500ms"
            name = "Greenhouse"
            room = "Garden"
            quantity = "temperature"
            report_on_change = 0.2
            report_at_least_every = "5m"

            [sensor.temperature]
            unit = "°F"
            offset = -0.4
            scale = 1.02
            low = 3
            high = 35.5
            hysteresis = 1
            for = "2m"

            [[sensor]]
            id = "cellar"
            driver = "sim"
            temperature = { high = 20 }
            """);
        SensorEntry first = entries[0];
        Assert.Equal(("greenhouse", "sim", "i2c-1", 0x76, "Greenhouse", "Garden"), (first.Id, first.Driver, first.Bus, first.Address, first.Name, first.Room));
        Assert.Equal(TimeSpan.FromMilliseconds(500), first.Every);
        Assert.Equal("temperature", first.Options["quantity"]);
        Assert.Equal(
            new QuantityEntry { Unit = "°F", Offset = -0.4, Scale = 1.02, ReportOnChange = 0.2, ReportAtLeastEverySeconds = 300, Low = 3, High = 35.5, Hysteresis = 1, ForSeconds = 120 },
            first.Of("temperature"));
        Assert.Equal(0.2, first.Of("humidity").ReportOnChange);
        Assert.Null(first.Of("humidity").High);
        Assert.Equal(("cellar", 20.0, null), (entries[1].Id, entries[1].Of("temperature").High, entries[1].Every));
    }

    [Theory]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"simm\"", "driver-unknown", "m.toml:3:10", "Did you mean \"sim\"?")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"sim\"\n[[sensor]]\nid = \"a\"\ndriver = \"sim\"", "sensor-duplicate", "m.toml:4:1", "m.toml:1:1")]
    [InlineData("[[sensor]]\ndriver = \"sim\"", "setting-missing", "m.toml:1:1", "id is missing in [sensor]")]
    [InlineData("[[sensor]]\nid = \"A b\"\ndriver = \"sim\"", "setting-malformed", "m.toml:2:6", "A b")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"sim\"\naddress = 0x78", "setting-malformed", "m.toml:4:11", "from 3 to 119")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"sim\"\nevery = \"soon\"", "setting-malformed", "m.toml:4:9", "a time from 100 ms to 1 days")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"sim\"\nevery = 0.01", "setting-malformed", "m.toml:4:9", "a time from")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"sim\"\nlow = 3\nhigh = 2", "setting-malformed", "m.toml:4:7", "below high")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"sim\"\nscale = 0", "setting-malformed", "m.toml:4:9", "other than 0")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"sim\"\nofset = 1", "setting-unknown", "m.toml:4:9", "Did you mean \"offset\"?")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"sim\"\n[sensor.temperature]\nhihg = 1", "setting-unknown", "m.toml:5:8", "Did you mean \"high\"?")]
    [InlineData("[[sensor]]\nid = \"a\"\ndriver = \"exec\"\ncommand = [\"sh\", \"a\\nb\"]", "setting-malformed", "m.toml:4:11", "no shell")]
    [InlineData("[sensr]\nid = \"a\"", "setting-unknown", "m.toml:1:1", "Did you mean \"sensor\"?")]
    [InlineData("[[sensor]]\nid = \"a\"\nid = \"b\"", "config-unreadable", "m.toml", "")]
    [InlineData("[[sensor]]\nid = ", "config-unreadable", "m.toml", "line 2, column")]
    public void What_is_wrong_is_named_with_its_place(string toml, string code, string place, string says)
    {
        FaultReport report = Assert.Throws<FaultException>(() => Read(toml)).Report;
        Assert.Equal(code, report.Fault.Code);
        Assert.Contains(place, report.ToString(), StringComparison.Ordinal);
        Assert.Contains(says, report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_makes_the_reader_throw_anything_but_a_fault()
    {
        Random random = new(5);
        byte[] good = "a = 1\n[[sensor]]\nid = \"a\"\ndriver = \"sim\"\nx.y = {b = [1, 2], c = 1e5}\n[sensor.temperature]\nlow = 1\n[sensor.x.y]\n"u8.ToArray();
        for (int i = 0; i < 5000; i++)
        {
            byte[] bent = (byte[])good.Clone();
            for (int n = random.Next(1, 6); n > 0; n--)
            {
                bent[random.Next(bent.Length)] = good[random.Next(good.Length)];
            }

            try
            {
                Read(System.Text.Encoding.UTF8.GetString(bent));
            }
            catch (FaultException)
            {
                // A clear refusal is the promise.
            }
        }
    }
}
