using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CsCheck;
using MeshIoT.Health;
using MeshIoT.Sensors.Tests.Bus;
using Xunit;

namespace MeshIoT.Sensors.Tests.Chips;

/// <summary>What holds for every driver of a chip, whatever its bus does.</summary>
public class EveryChipTests
{
    public static TheoryData<string> Chips() => new(Drivers.All.Where(d => d.Bus is "i2c" or "spi" && !d.IsOutput).Select(d => d.Name));

    static FakeWiring Healthy(string driver, out FakeChip? chip)
    {
        chip = null;
        FakeWiring wiring = new();
        if (FakeChips.All.TryGetValue(driver, out (int Address, Func<FakeChip> Make) known))
        {
            wiring.With(known.Address, chip = known.Make());
        }
        else
        {
            wiring.SpiAnswer = FakeChips.Mcp3008;
        }

        return wiring;
    }

    // Chips that measure all the time have nothing in their first seconds.
    static void WarmUp(ChipUnderTest it, FakeWiring wiring)
    {
        it.Read();
        wiring.Pass(6_000);
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void A_chip_that_is_unplugged_says_so_and_comes_back_by_itself(string driver)
    {
        FakeWiring wiring = Healthy(driver, out FakeChip? chip);
        using ChipUnderTest it = new(wiring, driver);
        WarmUp(it, wiring);
        it.ReadWell();
        foreach (string error in new[] { "Error 121 performing I2C data transfer.", "Error 110 performing I2C data transfer.", "Error 5 performing I2C data transfer." })
        {
            wiring.Breaks = _ => throw new IOException(error);
            string said = it.ReadBadly(Faults.SensorSilent);
            Assert.DoesNotContain("Error", said, StringComparison.Ordinal);
            chip?.PowerCycle();
            wiring.Breaks = null;
            WarmUp(it, wiring);
            it.ReadWell();
        }
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void A_chip_that_loses_its_power_unseen_gives_the_same_values_again_within_a_minute(string driver)
    {
        FakeWiring wiring = Healthy(driver, out FakeChip? chip);
        using ChipUnderTest it = new(wiring, driver);
        WarmUp(it, wiring);
        Dictionary<string, double> before = it.ReadWell();
        chip?.PowerCycle();
        int readings = 0;
        do
        {
            Assert.InRange(++readings, 1, 12);
            wiring.Pass(5_000);
            it.Read();
        }
        while (it.Fault is not null);
        Assert.Equal(before, it.ReadWell());
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void Whatever_bytes_the_bus_returns_a_reading_is_plausible_or_a_fault_and_its_neighbour_is_not_touched(string driver)
    {
        Gen.Select(Gen.Int[0, 5], Gen.Int, Gen.Int[1, 60]).Sample((way, seed, rate) =>
        {
            Random random = new(seed);
            FakeWiring wiring = Healthy(driver, out _);
            int own = driver is "sht4x" or "sht3x" ? 0x45 : 0x44;
            wiring.With(own, FakeChips.Sht4x());
            using SensorDevice neighbour = Drivers.Find("sht4x")!.Create(new SensorEntry { Id = "neighbour", Driver = "sht4x", Address = own }, wiring);
            bool isOn = false;
            wiring.Tampers = (address, bytes) =>
            {
                if (isOn && address != own && random.Next(100) < rate)
                {
                    Spoil(way, bytes, random);
                }
            };
            wiring.Breaks = address =>
            {
                if (isOn && address != own && way == 5 && random.Next(100) < rate)
                {
                    throw random.Next(3) == 0 ? new TimeoutException("bus") : new IOException("Error 121 performing I2C data transfer.");
                }
            };
            using ChipUnderTest it = new(wiring, driver);
            for (int i = 0; i < 12; i++)
            {
                isOn = i is > 0 and < 8;
                Dictionary<string, double> values = it.Read();
                Assert.True(it.Fault is not null || values.Values.All(double.IsFinite), "no value and no reason");
                for (int c = 0; c < values.Count; c++)
                {
                    (double lowest, double highest) = Plausible[it.Device.Channels[c].Quantity];
                    Assert.True(double.IsNaN(values.Values.ElementAt(c)) || (values.Values.ElementAt(c) >= lowest && values.Values.ElementAt(c) <= highest));
                }

                double[] beside = new double[2];
                Assert.Null(neighbour.Read(0, beside));
                Assert.Equal(25.0, beside[0], 2);
                wiring.Pass(6_000);
            }

            it.ReadWell();
        }, iter: 300);
    }

    /// <summary>What the chips of these drivers can measure at all, by their data sheets.</summary>
    static readonly Dictionary<string, (double Lowest, double Highest)> Plausible = new()
    {
        ["temperature"] = (-45, 130), ["humidity"] = (0, 100), ["pressure"] = (300, 1100), ["gas_resistance"] = (10, 1e8), ["carbon_dioxide"] = (1, 40_000),
        ["voc_raw"] = (1, 65_534), ["voltage"] = (-6.144, 32), ["current"] = (-3.2, 3.2), ["power"] = (-102.4, 102.4), ["illuminance"] = (0, 200_000),
        ["colour_temperature"] = (1000, 30_000), ["distance"] = (1, 2200),
    };

    static void Spoil(int way, byte[] bytes, Random random)
    {
        switch (way)
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                Array.Fill(bytes, (byte)0xFF);
                break;
            case 2:
                Array.Clear(bytes);
                break;
            case 3:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                break;
            default:
                bytes.AsSpan(random.Next(bytes.Length)).Fill(0xFF);
                break;
        }
    }
}
