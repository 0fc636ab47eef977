using System;
using System.Net;
using MeshIoT.Agent.Configuration;
using MeshIoT.Agent.Services;
using MeshIoT.Health;
using MeshIoT.Node;
using MeshIoT.Sensors.Display;
using Xunit;

namespace MeshIoT.Agent.Tests;

/// <summary>What a gateway's display says, and what describes it.</summary>
public class DisplayTests
{
    static readonly NodeStatus Up = new()
    {
        BackendState = BackendState.Running, CoordinatorConnected = true, Peers = [], Health = [],
        Self = new SelfStatus("greenhouse.mesh.example", "greenhouse", [IPAddress.Parse("100.64.0.7"), IPAddress.Parse("fd7a::7")], "", []),
    };

    static DisplayOptions? Read(string toml)
    {
        ConfigTable root = ConfigFile.Parse(toml, "m.toml");
        SettingsFile.Of(root);
        return GatewaySections.From(root).Display;
    }

    [Fact]
    public void It_names_the_gateway_its_address_and_its_state()
    {
        StatusPage page = DisplayPage.Of(Up, []);
        Assert.Equal(("greenhouse", ""), (page.Title, page.Code));
        Assert.Equal(["100.64.0.7", "up"], page.Lines);
        Assert.Equal(["100.64.0.7", "up, no coordinator"], DisplayPage.Of(Up with { CoordinatorConnected = false }, []).Lines);
    }

    [Fact]
    public void The_worst_fault_is_told_and_a_login_page_is_a_code_to_scan()
    {
        FaultReport low = Faults.SensorEmpty.With("air", "it is dark"), high = Faults.BusUnusable.With("/dev/i2c-1", "it does not exist");
        Assert.Equal(high.Message, DisplayPage.Of(Up with { Health = [low] }, [high]).Lines[^1]);
        Assert.Equal(2, DisplayPage.Of(Up, [low]).Lines.Count);
        StatusPage login = DisplayPage.Of(Up with { BackendState = BackendState.NeedsLogin, AuthUrl = new Uri("http://10.0.0.1/a/xyz") }, [high]);
        Assert.Equal(("http://10.0.0.1/a/xyz", "scan to let it in"), (login.Code, Assert.Single(login.Lines)));
    }

    [Fact]
    public void The_section_is_read_with_its_usual_values()
    {
        Assert.Null(Read(""));
        Assert.Equal(new DisplayOptions(1, 0x3C, 64, false, 0x7F), Read("[display]\ndriver = \"ssd1306\""));
        Assert.Equal(new DisplayOptions(3, 0x3D, 32, true, 10), Read("[display]\ndriver = \"ssd1306\"\nbus = \"i2c-3\"\naddress = 0x3D\nsize = \"128x32\"\nturned = true\ncontrast = 10"));
    }

    [Theory]
    [InlineData("[display]", "driver")]
    [InlineData("[display]\ndriver = \"sh1106\"", "m.toml:2")]
    [InlineData("[display]\ndriver = \"ssd1306\"\nbus = \"spi-0.0\"", "m.toml:3")]
    [InlineData("[display]\ndriver = \"ssd1306\"\nsize = \"96x16\"", "m.toml:3")]
    [InlineData("[display]\ndriver = \"ssd1306\"\ncontrast = 256", "m.toml:3")]
    [InlineData("[display]\ndriver = \"ssd1306\"\ncontrasts = 25", "contrast")]
    public void What_cannot_be_right_is_refused_with_its_place(string toml, string named) =>
        Assert.Contains(named, Assert.Throws<FaultException>(() => Read(toml)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_display_among_the_sensors_is_told_where_it_belongs()
    {
        ConfigTable root = ConfigFile.Parse("[[sensor]]\nid = \"x\"\ndriver = \"ssd1306\"", "m.toml");
        MeshIoT.Sensors.SensorEntry entry = Assert.Single(GatewaySections.From(root).Sensors);
        FaultException e = Assert.Throws<FaultException>(() => MeshIoT.Sensors.Drivers.Find("ssd1306")!.Create(entry, new MeshIoT.Sensors.Wiring.KernelWiring()));
        Assert.Contains("[display]", e.Message, StringComparison.Ordinal);
    }
}
