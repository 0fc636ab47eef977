using System;
using System.Linq;
using MeshIoT.Sensors.Simulated;
using Xunit;

namespace MeshIoT.Sensors.Tests;

public class SamplerTests
{
    sealed class Scripted(params double?[] values) : Sensor(new("s", "s", "test", "temperature", "°C"))
    {
        int next;

        public override bool TryRead(long unixMs, out double value)
        {
            double? v = values[Math.Min(next++, values.Length - 1)];
            value = v ?? 0;
            return v is not null;
        }
    }

    [Fact]
    public void A_sensor_that_falls_silent_keeps_its_last_value_and_its_time_and_is_bad()
    {
        Sampler sampler = new([new Scripted(21.5, null)], TimeSpan.FromSeconds(10));
        Assert.Equal(Quality.None, sampler.Find("s", 0)!.Quality);
        sampler.Sample(1_000);
        sampler.Sample(11_000);
        Reading bad = sampler.Find("s", 11_000)!;
        Assert.Equal((21.5, 1_000, Quality.Bad, "sensor-silent"), (bad.Value, bad.UnixMs, bad.Quality, bad.Problem!.Fault.Code));
    }

    [Fact]
    public void A_value_is_stale_after_three_intervals()
    {
        Sampler sampler = new([new Scripted(21.5)], TimeSpan.FromSeconds(10));
        sampler.Sample(1_000);
        Assert.Equal(Quality.Good, sampler.Find("s", 31_000)!.Quality);
        Assert.Equal(Quality.Stale, sampler.Find("s", 31_001)!.Quality);
    }

    [Fact]
    public void Not_a_number_is_never_published()
    {
        Sampler sampler = new([new Scripted(double.NaN, double.PositiveInfinity)], TimeSpan.FromSeconds(1));
        sampler.Sample(1);
        sampler.Sample(2);
        Assert.Null(sampler.Find("s", 2)!.Value);
    }

    [Fact]
    public void The_simulated_wave_repeats_and_says_that_it_is_simulated()
    {
        foreach (Sensor sensor in SimulatedSensor.Greenhouse())
        {
            Assert.True(sensor.Description.Simulated);
            Assert.Contains("simulated", sensor.Description.Name, StringComparison.Ordinal);
            Assert.True(sensor.TryRead(1_700_000_000_000, out double a));
            Assert.True(sensor.TryRead(1_700_000_000_000 + (6 * 60_000), out double b));
            Assert.Equal(a, b);
        }

        Assert.True(new SimulatedSensor("x", "x", "q", "u", 10, 2, TimeSpan.FromSeconds(4)).TryRead(1_000, out double peak));
        Assert.Equal(12, peak);
    }

    [Theory]
    [InlineData("Core 0 (°C)", "core_0_c")]
    [InlineData("cpu-thermal", "cpu-thermal")]
    [InlineData("../../etc", "etc")]
    public void Ids_hold_only_safe_characters(string name, string id) => Assert.Equal("hwmon." + id, SensorId.From("hwmon", name));

    [Fact]
    public void Of_two_sensors_with_one_id_the_first_is_kept()
    {
        Sampler sampler = new([new Scripted(1), new Scripted(2)], TimeSpan.FromSeconds(1));
        sampler.Sample(1);
        Assert.Equal(1, Assert.Single(sampler.Latest(1)).Value);
        Assert.Single(sampler.Latest(1).Select(r => r.Sensor.Id).Distinct());
    }
}
