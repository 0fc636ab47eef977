using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Gpio;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Sensors.Tests.Gpio;

/// <summary>The driver gpio-in on a chip that a test drives.</summary>
public sealed class GpioInputTests : IDisposable
{
    readonly FakePins pins = new();
    readonly FakeWiring wiring;
    readonly ManualTime time = new();

    public GpioInputTests() => wiring = new FakeWiring(pins);

    public void Dispose() => wiring.Dispose();

    GpioInput Input(params (string, string)[] options) =>
        new(new SensorEntry { Id = "door", Driver = "gpio-in", Options = options.ToDictionary(o => o.Item1, o => o.Item2), Origin = "m.toml:1:1" }, wiring, time);

    static Sampler Sampling(SensorDevice device, List<string> asked)
    {
        Sampler sampler = new();
        sampler.LaneAsked += asked.Add;
        sampler.Use([(device, null, TimeSpan.FromSeconds(10))]);
        return sampler;
    }

    static double[] Read(SensorDevice device)
    {
        double[] values = new double[device.Channels.Count];
        Assert.Null(device.Read(0, values));
        return values;
    }

    [Fact]
    public void The_state_is_told_at_once_and_not_only_on_the_beat()
    {
        List<string> asked = [];
        List<double?> told = [];
        using Sampler sampler = Sampling(Input(("pin", "17"), ("pull", "up"), ("invert", "true"), ("debounce", "0"), ("quantity", "opening")), asked);
        sampler.Sampled += readings => told.AddRange(readings.Select(r => r.Value));
        pins.DriveSilently(17, true);
        sampler.Sample("gpio", 1_000, 1_000);
        Assert.Equal(PinMode.InputPullUp, pins.Mode(17));
        Assert.Equal(("opening", "door", 0.0), (sampler.Find("door", 1_000)!.Sensor.Quantity, sampler.Find("door", 1_000)!.Sensor.Id, sampler.Find("door", 1_000)!.Value));
        pins.Drive(17, false);
        Assert.Equal(["gpio"], asked);
        Assert.Equal(11_000, sampler.Sample("gpio", 1_100, 1_100));
        Assert.Equal([0, 1], told);
        Assert.Equal(11_000, sampler.Sample("gpio", 1_200, 1_200));
        Assert.Equal([0, 1], told);
    }

    [Fact]
    public void With_debounce_it_is_told_when_the_level_has_lasted()
    {
        List<string> asked = [];
        using Sampler sampler = Sampling(Input(("pin", "4"), ("debounce", "20ms"), ("mode", "state\ncount")), asked);
        sampler.Sample("gpio", 0, 1);
        pins.Drive(4, true);
        time.Advance(TimeSpan.FromMilliseconds(5));
        pins.Drive(4, false);
        time.Advance(TimeSpan.FromMilliseconds(5));
        pins.Drive(4, true);
        time.Advance(TimeSpan.FromMilliseconds(15));
        Assert.Empty(asked);
        time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(["gpio"], asked);
        sampler.Sample("gpio", 50, 50);
        Assert.Equal((1.0, 1.0), (sampler.Find("door.state", 50)!.Value, sampler.Find("door.count", 50)!.Value));
    }

    [Fact]
    public void A_device_that_asks_without_end_is_read_fifty_times_a_second_at_most()
    {
        List<string> asked = [];
        int told = 0;
        using Sampler sampler = Sampling(Input(("pin", "4"), ("debounce", "0")), asked);
        sampler.Sampled += _ => told++;
        sampler.Sample("gpio", 0, 1);
        long next = 0;
        for (int ms = 2; ms < 1_002; ms++)
        {
            pins.Drive(4, ms % 2 == 0);
            next = sampler.Sample("gpio", ms, ms);
        }

        Assert.InRange(told, 40, 52);
        Assert.InRange(next, 1_001, 1_022);
    }

    [Fact]
    public void Pulses_are_counted_and_their_frequency_is_exact_between_readings()
    {
        GpioInput input = Input(("pin", "5"), ("debounce", "1ms"), ("mode", "count,frequency"));
        Assert.Equal([0, 0], Read(input));
        for (int i = 0; i < 25; i++)
        {
            Pulse(100);
        }

        // 25 pulses in 2.5 s, none before: over the whole time since the last reading.
        double[] first = Read(input);
        Assert.Equal(25, first[0]);
        Assert.Equal(10, first[1], 3);
        Pulse(100);
        Pulse(150);
        Pulse(150);
        Assert.Equal([28, 7.5], Read(input).Select(v => Math.Round(v, 6)));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([28, 0], Read(input));
        input.Dispose();
        Assert.Equal("close 5", pins.Log[^1]);

        void Pulse(int milliseconds)
        {
            time.Advance(TimeSpan.FromMilliseconds(milliseconds - 10));
            pins.Drive(5, true);
            time.Advance(TimeSpan.FromMilliseconds(5));
            pins.Drive(5, false);
            time.Advance(TimeSpan.FromMilliseconds(5));
        }
    }

    [Fact]
    public void A_count_outlives_a_change_of_the_configuration_and_loses_no_pulse_meanwhile()
    {
        List<string> asked = [];
        using Sampler sampler = Sampling(Input(("pin", "5"), ("debounce", "0"), ("mode", "count")), asked);
        sampler.Sample(0);
        Pulse();
        GpioInput second = Input(("pin", "5"), ("debounce", "0"), ("mode", "count"));
        sampler.Use([(second, null, TimeSpan.FromSeconds(1))]);
        Pulse();
        sampler.Sample(1);
        Assert.Equal(2, sampler.Find("door", 1)!.Value);
        Assert.DoesNotContain("close 5", pins.Log);

        // Another debounce: the pin is opened anew, the count stays.
        sampler.Use([(Input(("pin", "5"), ("debounce", "1ms"), ("mode", "count")), null, TimeSpan.FromSeconds(1))]);
        sampler.Sample(2);
        Assert.Equal(2, sampler.Find("door", 2)!.Value);
        Assert.Contains("close 5", pins.Log);

        // Gone and back: a new sensor.
        sampler.Use([]);
        sampler.Use([(Input(("pin", "5"), ("mode", "count")), null, TimeSpan.FromSeconds(1))]);
        sampler.Sample(3);
        Assert.Equal(0, sampler.Find("door", 3)!.Value);

        void Pulse()
        {
            pins.Drive(5, true);
            pins.Drive(5, false);
        }
    }

    [Fact]
    public void A_chip_that_fails_is_a_fault_and_is_tried_again()
    {
        using GpioInput input = Input(("pin", "5"));
        double[] values = [double.NaN];
        pins.IsBroken = true;
        Assert.Equal("sensor-silent", input.Read(0, values)!.Fault.Code);
        pins.IsBroken = false;
        Assert.Equal([0], Read(input));
        pins.IsBroken = true;
        Assert.Equal("sensor-silent", input.Read(0, values)!.Fault.Code);
    }

    [Fact]
    public void A_pin_belongs_to_one_entry()
    {
        using GpioInput first = Input(("pin", "5"));
        using GpioInput second = Input(("pin", "5"));
        Read(first);
        Assert.Equal("gpio-line-busy", second.Read(0, new double[1])!.Fault.Code);
        first.Dispose();
        Assert.Equal([0], Read(second));
    }

    [Theory]
    [InlineData("pin", "x")]
    [InlineData("pin", "-1")]
    [InlineData("pull", "sideways")]
    [InlineData("mode", "state,state")]
    [InlineData("mode", "")]
    [InlineData("debounce", "61s")]
    [InlineData("debounce", "1 week")]
    [InlineData("invert", "perhaps")]
    public void An_entry_that_cannot_be_right_is_refused(string option, string value)
    {
        Dictionary<string, string> options = new() { ["pin"] = "1", [option] = value };
        Assert.Equal("setting-malformed", Assert.Throws<FaultException>(() => Input([.. options.Select(o => (o.Key, o.Value))])).Report.Fault.Code);
        Assert.Equal("setting-missing", Assert.Throws<FaultException>(() => Input()).Report.Fault.Code);
    }
}
