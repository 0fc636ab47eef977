using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Sensors.Tests;

/// <summary>What an entry says of a device's values: units, calibration, when they are due and when they are passed on.</summary>
public class SampledDeviceTests
{
    sealed class Chip(Func<double[]> read, string lane = "i2c-1", string id = "air") : SensorDevice(
        [new(id + ".temperature", id, "chip", "temperature", "°C") { Device = id }, new(id + ".humidity", id, "chip", "humidity", "%") { Device = id }], lane)
    {
        public bool IsGone { get; private set; }

        public override FaultReport? Read(long unixMs, Span<double> values)
        {
            read().CopyTo(values);
            return double.IsNaN(values[0]) ? Faults.SensorNonsense.With(id, "the checksum is wrong") : null;
        }

        protected override void Dispose(bool disposing) => IsGone = true;
    }

    static Sampler Of(SensorDevice device, SensorEntry? entry = null, double seconds = 10)
    {
        Sampler sampler = new();
        sampler.Use([(device, entry, TimeSpan.FromSeconds(seconds))]);
        return sampler;
    }

    static SensorEntry Entry(QuantityEntry common, params (string, QuantityEntry)[] own) =>
        new() { Id = "air", Driver = "chip", Common = common, Quantities = own.ToDictionary(o => o.Item1, o => o.Item2) };

    [Fact]
    public void A_value_is_calibrated_in_the_drivers_unit_and_shown_in_the_wanted_one()
    {
        Sampler sampler = Of(new Chip(() => [20, 50]), Entry(new(), ("temperature", new() { Unit = "°F", Scale = 1.1, Offset = -2 })));
        sampler.Sample(1);
        Assert.Equal((68.0, "°F"), (sampler.Find("air.temperature", 1)!.Value, sampler.Find("air.temperature", 1)!.Sensor.Unit));
        Assert.Equal((50.0, "%"), (sampler.Find("air.humidity", 1)!.Value, sampler.Find("air.humidity", 1)!.Sensor.Unit));
    }

    [Fact]
    public void One_value_that_fails_says_why_and_does_not_touch_the_other()
    {
        double[] now = [20, 50];
        Sampler sampler = Of(new Chip(() => now));
        sampler.Sample(1);
        now = [double.NaN, 51];
        sampler.Sample(2);
        Reading bad = sampler.Find("air.temperature", 2)!, good = sampler.Find("air.humidity", 2)!;
        Assert.Equal((20.0, 1L, Quality.Bad, "sensor-nonsense"), (bad.Value, bad.UnixMs, bad.Quality, bad.Problem!.Fault.Code));
        Assert.Equal((51.0, Quality.Good, null), (good.Value, good.Quality, good.Problem));
    }

    [Fact]
    public void Only_changes_are_passed_on_where_the_entry_says_so_and_after_a_long_silence_anything()
    {
        double value = 20;
        List<Reading> passed = [];
        Sampler sampler = Of(new Chip(() => [value, 50]), Entry(new(), ("temperature", new() { ReportOnChange = 0.5, ReportAtLeastEverySeconds = 60 })));
        sampler.Sampled += passed.AddRange;
        foreach ((double next, int at) in new[] { (20.0, 1), (20.4, 11), (20.5, 21), (20.6, 31), (20.6, 82) })
        {
            value = next;
            sampler.Sample(at * 1000);
        }

        Assert.Equal([20, 20.5, 20.6], passed.Where(r => r.Sensor.Quantity == "temperature").Select(r => r.Value!.Value));
        Assert.Equal(5, passed.Count(r => r.Sensor.Quantity == "humidity"));
    }

    [Fact]
    public void Each_device_has_its_own_beat_and_setting_the_clock_changes_nothing_of_it()
    {
        int quick = 0, slow = 0;
        Sampler sampler = new();
        sampler.Use(
        [
            (new Chip(() => { quick++; return [1, 1]; }, id: "quick"), null, TimeSpan.FromSeconds(1)),
            (new Chip(() => { slow++; return [1, 1]; }, id: "slow"), null, TimeSpan.FromSeconds(60)),
            (new Chip(() => throw new InvalidOperationException("another lane"), "spi-0.0", "other"), null, TimeSpan.FromSeconds(1)),
        ]);
        Assert.Equal(["i2c-1", "spi-0.0"], sampler.Lanes.Order());
        long now = 5_000, wall = 0;
        for (int i = 0; i < 120; i++)
        {
            now = Math.Max(now + 3, sampler.Sample("i2c-1", wall = (i % 2) * 1_000_000_000_000, now));
        }

        Assert.InRange(now, 5_000 + 118_000, 5_000 + 121_000);
        Assert.InRange(quick, 118, 121);
        Assert.Equal(2, slow);
        Assert.Equal(long.MaxValue, sampler.Sample("none", wall, now));
    }

    [Fact]
    public void New_entries_keep_the_readings_of_sensors_that_stay_and_give_the_old_devices_back()
    {
        Chip first = new(() => [20, 50]);
        Sampler sampler = Of(first);
        sampler.Sample(1_000);
        sampler.Use([(new Chip(() => [21, 51]), Entry(new(), ("humidity", new() { Unit = "ratio" })), TimeSpan.FromSeconds(5)), (new Chip(() => [1, 2]), null, TimeSpan.FromSeconds(5))]);
        Assert.True(first.IsGone);
        Assert.Equal(2, sampler.Latest(1_000).Count);
        Assert.Equal((20.0, 1_000L), (sampler.Find("air.temperature", 1_000)!.Value, sampler.Find("air.temperature", 1_000)!.UnixMs));
        sampler.Dispose();
        Assert.Empty(sampler.Latest(1_000));
    }

    [Theory]
    [InlineData("°C", "°F", -40, -40)]
    [InlineData("°F", "°C", 212, 100)]
    [InlineData("°C", "K", 0, 273.15)]
    [InlineData("hPa", "inHg", 1013.25, 29.9213)]
    [InlineData("hPa", "mmHg", 1013.25, 760)]
    [InlineData("m/s", "km/h", 10, 36)]
    public void Units_convert(string from, string to, double value, double expected)
    {
        Assert.True(Units.TryConversion(from, to, out double factor, out double summand));
        Assert.Equal(expected, (value * factor) + summand, 3);
        Assert.Contains(to, Units.Alternatives(from));
        Assert.False(Units.TryConversion(from, "%", out _, out _));
    }
}
