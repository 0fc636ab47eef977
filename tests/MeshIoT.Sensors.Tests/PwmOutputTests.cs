using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Tests.Gpio;
using Xunit;

namespace MeshIoT.Sensors.Tests;

/// <summary>The driver pwm on a tree of files (Linux Documentation/ABI/testing/sysfs-class-pwm).</summary>
public class PwmOutputTests
{
    static FakeTree Tree() => new FakeTree()
        .Put("/sys/class/pwm/pwmchip0/export", "").Put("/sys/class/pwm/pwmchip0/unexport", "").Put("/sys/class/pwm/pwmchip0/npwm", "2\n")
        .Put("/sys/class/pwm/pwmchip0/pwm1/period", "0\n").Put("/sys/class/pwm/pwmchip0/pwm1/duty_cycle", "0\n")
        .Put("/sys/class/pwm/pwmchip0/pwm1/enable", "0\n").Put("/sys/class/pwm/pwmchip0/pwm1/polarity", "normal\n");

    static OutputDevice Fan(FakeTree tree, string bus, params (string, string)[] options) => OutputDrivers.Find("pwm")!.Create(
        new OutputEntry { Id = "fan", Driver = "pwm", Bus = bus, Options = options.ToDictionary(o => o.Item1, o => o.Item2) }, new FakeWiring(tree.Root));

    [Fact]
    public void Percent_become_nanoseconds_of_the_period()
    {
        using FakeTree tree = Tree();
        using OutputDevice fan = Fan(tree, "", ("channel", "1"), ("frequency", "25000"), ("invert", "true"));
        string Of(string file) => File.ReadAllText($"{tree.Root}/sys/class/pwm/pwmchip0/pwm1/{file}");
        Assert.Equal(("%", 0.0, 100.0), (fan.Description.Unit, fan.Description.Lowest, fan.Description.Highest));
        Assert.Null(fan.TrySet(37.5));
        Assert.Equal(("40000", "15000", "1", "inversed"), (Of("period"), Of("duty_cycle"), Of("enable"), Of("polarity")));
        Assert.Null(fan.TryRead(out double value));
        Assert.Equal(37.5, value);
        Assert.Null(fan.TrySet(0));
        Assert.Equal("0", Of("duty_cycle"));
        Assert.Equal("", File.ReadAllText(tree.Root + "/sys/class/pwm/pwmchip0/export"));
    }

    [Fact]
    public void A_channel_that_is_not_exported_is_and_is_waited_for()
    {
        using FakeTree tree = Tree();
        using OutputDevice fan = Fan(tree, "pwmchip0");
        Assert.Contains("pwm0", fan.TrySet(50)!.Message, StringComparison.Ordinal);
        Assert.Equal("0", File.ReadAllText(tree.Root + "/sys/class/pwm/pwmchip0/export"));
        tree.Put("/sys/class/pwm/pwmchip0/pwm0/period", "").Put("/sys/class/pwm/pwmchip0/pwm0/duty_cycle", "").Put("/sys/class/pwm/pwmchip0/pwm0/enable", "");
        Assert.Null(fan.TrySet(50));
        fan.Dispose();
        Assert.Equal("0", File.ReadAllText(tree.Root + "/sys/class/pwm/pwmchip0/unexport"));
    }

    [Fact]
    public void Without_the_chip_it_says_what_brings_it()
    {
        using FakeTree tree = new();
        using OutputDevice fan = Fan(tree, "pwmchip3");
        Assert.Contains("dtoverlay=pwm", fan.TrySet(1)!.Message, StringComparison.Ordinal);
        Assert.NotNull(fan.TryRead(out _));
        Assert.Throws<FaultException>(() => Fan(tree, "../../etc"));
        Assert.Throws<FaultException>(() => Fan(tree, "", ("frequency", "0")));
    }
}
