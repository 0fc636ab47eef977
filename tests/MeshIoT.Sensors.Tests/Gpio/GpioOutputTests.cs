using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Gpio;
using Xunit;

namespace MeshIoT.Sensors.Tests.Gpio;

public sealed class GpioOutputTests : IDisposable
{
    readonly FakePins pins = new();
    readonly FakeWiring wiring;

    public GpioOutputTests() => wiring = new FakeWiring(pins);

    public void Dispose() => wiring.Dispose();

    OutputDevice Relay(params (string, string)[] options) => OutputDrivers.Find("relay")!.Create(
        new OutputEntry { Id = "pump", Driver = "relay", Options = options.ToDictionary(o => o.Item1, o => o.Item2) }, wiring);

    [Fact]
    public void A_line_has_its_value_from_the_first_moment()
    {
        using OutputDevice relay = Relay(("pin", "17"), ("active_low", "true"));
        Assert.Empty(pins.Log);
        Assert.NotNull(relay.TryRead(out _));
        Assert.Null(relay.TrySet(0));
        Assert.Equal(["open 17", "Output 17 High"], pins.Log);
        Assert.Null(relay.TrySet(1));
        Assert.False(pins.Level(17));
        Assert.Null(relay.TryRead(out double value));
        Assert.Equal(1, value);
        relay.Dispose();
        Assert.Equal("close 17", pins.Log[^1]);
    }

    [Fact]
    public void After_an_error_the_line_is_opened_anew()
    {
        using OutputDevice relay = Relay(("pin", "17"));
        Assert.Null(relay.TrySet(1));
        pins.IsBroken = true;
        Assert.Equal("output-silent", relay.TrySet(0)!.Fault.Code);
        Assert.Equal("output-silent", relay.TrySet(0)!.Fault.Code);
        pins.IsBroken = false;
        Assert.Null(relay.TrySet(1));
        Assert.Equal(2, pins.Log.FindAll(l => l == "Output 17 High").Count);
    }

    [Fact]
    public void Two_entries_cannot_have_one_line()
    {
        using OutputDevice first = Relay(("pin", "17")), second = Relay(("pin", "17"));
        Assert.Null(first.TrySet(1));
        Assert.Contains("another entry", second.TrySet(0)!.Message, StringComparison.Ordinal);
        Assert.True(pins.Level(17));
    }

    [Fact]
    public void A_pin_must_be_said()
    {
        Assert.Equal("setting-missing", Assert.Throws<FaultException>(() => Relay()).Report.Fault.Code);
        Assert.Equal("setting-malformed", Assert.Throws<FaultException>(() => Relay(("pin", "seven"))).Report.Fault.Code);
    }
}
