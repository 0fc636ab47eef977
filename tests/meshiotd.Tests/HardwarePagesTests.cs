using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using MeshIoT.Agent.Configuration;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Wiring;
using Xunit;

namespace MeshIoT.Agent.Tests;

/// <summary>The pages of hardware/sensors: every example is one that the agent takes, and every chip's driver has a page.</summary>
public class HardwarePagesTests
{
    static readonly string Pages = FindPages();

    public static TheoryData<string> Names() => new(Directory.GetFiles(Pages, "*.md").Select(f => Path.GetFileName(f)!));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_is_taken(string page)
    {
        foreach (string example in Examples(page))
        {
            ConfigTable root = ConfigFile.Parse(example, page);
            SettingsFile.Of(root);
            using KernelWiring wiring = new();
            foreach (SensorEntry entry in GatewaySections.From(root).Sensors)
            {
                using SensorDevice device = Drivers.Find(entry.Driver)!.Create(entry, wiring);
                Assert.All(entry.Quantities.Keys, q => Assert.Contains(device.Channels, c => c.Quantity == q || c.Id == $"{entry.Id}.{q}"));
            }
        }
    }

    [Fact]
    public void So_is_the_one_of_the_README()
    {
        string[] examples = [.. Regex.Matches(File.ReadAllText(Path.Combine(Pages, "..", "..", "README.md")), "```toml\n(.*?)```", RegexOptions.Singleline).Select(static m => m.Groups[1].Value)];
        Assert.NotEmpty(examples);
        foreach (string example in examples)
        {
            ConfigTable root = ConfigFile.Parse(example, "README.md");
            SettingsFile.Of(root);
            Assert.NotEmpty(GatewaySections.From(root).Sensors);
        }
    }

    [Fact]
    public void Every_driver_of_an_I2C_or_SPI_chip_is_on_a_page_with_its_addresses()
    {
        string all = string.Join('\n', Directory.GetFiles(Pages, "*.md").Select(File.ReadAllText));
        foreach (Driver driver in Drivers.All.Where(d => d.Bus is "i2c" or "spi"))
        {
            Assert.Matches($@"`{driver.Name}`|""{driver.Name}""", all);
            foreach (int address in driver.Addresses.Take(2))
            {
                Assert.Contains($"0x{address:X2}", all, StringComparison.Ordinal);
            }
        }
    }

    static IEnumerable<string> Examples(string page) =>
        Regex.Matches(File.ReadAllText(Path.Combine(Pages, page)), "^```toml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline).Select(m => m.Groups[1].Value);

    static string FindPages()
    {
        DirectoryInfo? d = new(AppContext.BaseDirectory);
        while (d is not null && !File.Exists(Path.Combine(d.FullName, "MeshIoT.sln")))
        {
            d = d.Parent;
        }

        return Path.Combine(d?.FullName ?? throw new InvalidOperationException("MeshIoT.sln not found above the test"), "hardware", "sensors");
    }
}
