using System;
using System.Collections.Generic;
using MeshIoT.Health;
using MeshIoT.Sensors.Chips.Light;
using MeshIoT.Sensors.Tests.Bus;
using Xunit;

namespace MeshIoT.Sensors.Tests.Chips;

/// <summary>TCS3472 and VL53L0X. Truth: ams DN40 worked out by hand, DS11555.</summary>
public class LightTests
{
    /// <summary>
    /// DN40 with C 1000, R 400, G 500, B 300 at 103.2 ms and gain 4: IR = 100, R' 300, G' 400, B' 200; counts a lux = 103.2 × 4 / 310 = 1.33161;
    /// lux = (40.8 + 400 − 88.8) / 1.33161 = 264.34; kelvins = 3810 × 200 / 300 + 1391 = 3931.
    /// </summary>
    [Fact]
    public void Counts_become_lux_and_kelvins_by_the_design_note()
    {
        (double lux, double kelvin) = Tcs3472.Judge(FakeChips.Words(1000, 400, 500, 300), 4);
        Assert.Equal(264.34, lux, 2);
        Assert.Equal(3931.0, kelvin, 6);
    }

    [Fact]
    public void The_gain_follows_the_light_within_one_reading()
    {
        double lux = 0;
        foreach ((double light, int gain) in new[] { (0.05, 3), (2.0, 2), (200.0, 0) })
        {
            RegisterChip chip = FakeChips.Tcs3472(light);
            using ChipUnderTest it = new(new FakeWiring().With(0x29, chip), "tcs3472");
            double now = it.ReadWell()["illuminance"];
            Assert.True(now > lux);
            Assert.Equal(gain, chip.Registers[0x0F]);
            lux = now;
        }
    }

    [Fact]
    public void In_the_dark_there_is_a_brightness_and_no_colour_and_that_is_no_fault()
    {
        using ChipUnderTest it = new(new FakeWiring().With(0x29, FakeChips.Tcs3472(0)), "tcs3472");
        Dictionary<string, double> values = it.Read();
        Assert.Equal(0.0, values["illuminance"]);
        Assert.True(double.IsNaN(values["colour_temperature"]));
        Assert.Equal((Faults.SensorEmpty.Code, Severity.Low), (it.Fault!.Fault.Code, it.Fault.Fault.Severity));
    }

    [Fact]
    public void Light_beyond_the_smallest_gain_is_not_passed_on_as_that()
    {
        using ChipUnderTest it = new(new FakeWiring().With(0x29, FakeChips.Tcs3472(1e6)), "tcs3472");
        Assert.Contains("brighter", it.ReadBadly(Faults.SensorNonsense), StringComparison.Ordinal);
    }

    [Fact]
    public void A_distance_is_in_millimetres_and_nothing_in_range_is_no_fault()
    {
        int millimetres = 1234, status = 11;
        using ChipUnderTest it = new(new FakeWiring().With(0x29, FakeChips.Vl53l0x(() => (status, millimetres))), "vl53l0x");
        Assert.Equal(1234.0, it.ReadWell()["it"]);
        (status, millimetres) = (4, 8191);
        Assert.Contains("in range", it.ReadBadly(Faults.SensorEmpty), StringComparison.Ordinal);
        (status, millimetres) = (11, 8190);
        it.ReadBadly(Faults.SensorEmpty);
        (status, millimetres) = (11, 87);
        Assert.Equal(87.0, it.ReadWell()["it"]);
    }

    [Theory]
    [InlineData("vl53l0x")]
    [InlineData("tcs3472")]
    public void Two_chips_that_share_an_address_are_told_apart(string driver)
    {
        FakeChip other = driver == "vl53l0x" ? FakeChips.Tcs3472(1) : FakeChips.Vl53l0x(() => (11, 100));
        using ChipUnderTest it = new(new FakeWiring().With(0x29, other), driver);
        it.ReadBadly(Faults.SensorWrongChip);
    }
}
