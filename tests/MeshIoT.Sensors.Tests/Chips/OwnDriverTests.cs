using System;
using System.Collections.Generic;
using MeshIoT.Sensors.Chips;
using MeshIoT.Sensors.Tests.Bus;
using MeshIoT.Sensors.Wiring;
using Xunit;

namespace MeshIoT.Sensors.Tests.Chips;

/// <summary>What a program of one's own does to bring a driver: the example of ARCHITECTURE.md, compiled.</summary>
public class OwnDriverTests
{
    /// <summary>A TMP102: 12 bits of 1/16 °C in register 0 (TI SBOS397, table 7-2: 0x190 is 25 °C).</summary>
    sealed class Tmp102(SensorEntry entry, IWiring wiring) : I2cChip(entry, wiring, 0x48, [ChipValue.Temperature(-55, 150)])
    {
        protected override void Measure(Span<double> values) => values[0] = (short)ReadWord(0x00) / 256.0;
    }

    [Fact]
    public void A_driver_of_ones_own_takes_ten_lines()
    {
        Drivers.Add(new Driver("tmp102", "temperature (TI TMP102)", (entry, wiring) => new Tmp102(entry, wiring)) { Bus = "i2c", Addresses = [0x48, 0x49] });
        try
        {
            using ChipUnderTest it = new(new FakeWiring().With(0x48, new RegisterChip((0, [0x19, 0x00]))), "tmp102");
            Assert.Equal(25.0, it.ReadWell()["it"]);
        }
        finally
        {
            Drivers.Remove("tmp102");
        }
    }

    [Fact]
    public void Each_channel_of_a_converter_has_a_calibration_of_its_own()
    {
        FakeWiring wiring = new FakeWiring().With(0x48, FakeChips.Ads1115(_ => 0x2000));
        SensorEntry entry = new()
        {
            Id = "tank", Driver = "ads1115", Common = new QuantityEntry { Scale = 2 },
            Quantities = new Dictionary<string, QuantityEntry> { ["a1"] = new() { Scale = 10 }, ["voltage"] = new() { Offset = 1 } },
        };
        using Sampler sampler = new();
        sampler.Use([(Drivers.Find("ads1115")!.Create(entry, wiring), entry, TimeSpan.FromSeconds(1))]);
        sampler.Sample(1);
        Assert.Equal((1.024 * 2) + 1, sampler.Find("tank.a0", 1)!.Value!.Value, 3);
        Assert.Equal(10.24, sampler.Find("tank.a1", 1)!.Value!.Value, 3);
        Assert.Equal(10, sampler.EntryOf("tank.a1")!.Scale);
    }
}
