using System.Collections.Generic;
using MeshIoT.Health;
using MeshIoT.Linux.Gpio;
using MeshIoT.Sensors.Gpio;
using MeshIoT.Sensors.Wiring;
using Xunit;

namespace MeshIoT.Sensors.Tests.Gpio;

/// <summary>Which GPIO chip is meant.</summary>
public class GpioChipsTests
{
    static GpioChipDescription Chip(int number, string label, int lines) => new($"/dev/gpiochip{number}", $"gpiochip{number}", label, lines);

    // As such boards' gpiodetect shows them.
    static readonly Dictionary<string, GpioChipDescription[]> Boards = new()
    {
        ["Pi 3"] = [Chip(0, "pinctrl-bcm2835", 54), Chip(1, "brcmvirt-gpio", 2), Chip(2, "raspberrypi-exp-gpio", 8)],
        ["Pi 3, loaded the other way"] = [Chip(0, "raspberrypi-exp-gpio", 8), Chip(1, "pinctrl-bcm2835", 54)],
        ["Pi 4"] = [Chip(0, "pinctrl-bcm2711", 58), Chip(1, "raspberrypi-exp-gpio", 8)],
        ["Pi 5"] = [Chip(0, "gpio-brcmstb@107d508500", 32), Chip(4, "pinctrl-rp1", 54), Chip(10, "gpio-brcmstb@107d508520", 4)],
        ["another board"] = [Chip(0, "300b000.pinctrl", 288)],
        ["a Pi of the future"] = [Chip(0, "aon", 17), Chip(1, "pinctrl-rp2", 54)],
        ["two alike"] = [Chip(0, "a", 32), Chip(1, "b", 32)],
        ["none"] = [],
    };

    [Theory]
    [InlineData("Pi 3", "", "gpiochip0")]
    [InlineData("Pi 3, loaded the other way", "", "gpiochip1")]
    [InlineData("Pi 4", "", "gpiochip0")]
    [InlineData("Pi 5", "", "gpiochip4")]
    [InlineData("another board", "", "gpiochip0")]
    [InlineData("a Pi of the future", "", "gpiochip1")]
    [InlineData("two alike", "", null)]
    [InlineData("none", "", null)]
    [InlineData("two alike", "b", "gpiochip1")]
    [InlineData("two alike", "gpiochip0", "gpiochip0")]
    [InlineData("two alike", "/dev/gpiochip1", "gpiochip1")]
    [InlineData("Pi 5", "pinctrl-rp1", "gpiochip4")]
    [InlineData("Pi 5", "gpiochip9", null)]
    public void The_headers_chip_is_known_by_its_label_and_others_by_name(string board, string wanted, string? name) =>
        Assert.Equal(name, GpioChips.Choose(Boards[board], wanted)?.Name);

    [Fact]
    public void A_chip_that_is_not_there_is_named_with_those_that_are()
    {
        using KernelWiring wiring = new();
        FaultReport report = Assert.Throws<FaultException>(() => wiring.Gpio("no-such-chip")).Report;
        Assert.Contains(report.Fault.Code, (string[])["gpio-chip-missing", "gpio-denied"]);
        Assert.Equal("gpiochip0 (a, 32 lines), gpiochip1 (b, 32 lines)", GpioChips.Describe(Boards["two alike"]));
    }
}
