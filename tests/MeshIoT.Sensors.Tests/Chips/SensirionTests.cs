using System;
using System.Collections.Generic;
using MeshIoT.Health;
using MeshIoT.Sensors.Chips.Sensirion;
using MeshIoT.Sensors.Tests.Bus;
using Xunit;

namespace MeshIoT.Sensors.Tests.Chips;

/// <summary>Sensirion's chips. Truth: their data sheets' examples.</summary>
public class SensirionTests
{
    /// <summary>SHT3x-DIS §4.12: CRC(0xBEEF) = 0x92. The others stand in the command tables of SGP40 and SCD4x.</summary>
    [Theory]
    [InlineData(0xBEEF, 0x92)]
    [InlineData(0x8000, 0xA2)]
    [InlineData(0x6666, 0x93)]
    [InlineData(0x01F4, 0x33)]
    [InlineData(0x6667, 0xA2)]
    [InlineData(0x5EB9, 0x3C)]
    public void Checksums_are_the_data_sheets(int word, int crc) => Assert.Equal(crc, SensirionChip.Crc((byte)(word >> 8), (byte)word));

    [Theory]
    [InlineData("sht3x", 50.0)]
    [InlineData("sht4x", 56.5)]
    public void Words_become_degrees_and_percent(string driver, double humidity)
    {
        (int address, Func<FakeChip> make) = FakeChips.All[driver];
        using ChipUnderTest it = new(new FakeWiring().With(address, make()), driver);
        Dictionary<string, double> values = it.ReadWell();
        Assert.Equal(25.0, values["temperature"], 2);
        Assert.Equal(humidity, values["humidity"], 2);
    }

    [Fact]
    public void Humidity_beyond_both_ends_of_the_SHT4x_line_is_cropped()
    {
        foreach ((int word, double percent) in new[] { (0, 0.0), (0xFFFF, 100.0) })
        {
            using ChipUnderTest it = new(new FakeWiring().With(0x44, new CommandChip(c => (FakeChips.WithCrc(0x6666, c[0] == 0xFD ? word : 0), 1))), "sht4x");
            Assert.Equal(percent, it.ReadWell()["humidity"]);
        }
    }

    [Fact]
    public void A_flipped_bit_is_nonsense_and_the_next_reading_is_good_again()
    {
        FakeWiring wiring = new FakeWiring().With(0x44, FakeChips.Sht3x());
        using ChipUnderTest it = new(wiring, "sht3x");
        it.ReadWell();
        wiring.Tampers = (_, bytes) => bytes[0] ^= 0x10;
        Assert.Contains("checksum", it.ReadBadly(Faults.SensorNonsense), StringComparison.Ordinal);
        wiring.Tampers = null;
        it.ReadWell();
    }

    [Fact]
    public void The_SCD4x_data_sheets_example_gives_its_values_once_five_seconds_are_over()
    {
        bool isReady = false, isRunning = false;
        FakeWiring wiring = new();
        wiring.With(0x62, new CommandChip(command => FakeChips.Join(command) switch
        {
            0x3F86 => ([], 1),
            0x3682 => (FakeChips.WithCrc(0xF896, 0x9F07, 0x3BBE), 1),
            0x21B1 => Started(),
            0xE4B8 => (FakeChips.WithCrc(isReady ? 0x8006 : 0x8000), 1),
            0xEC05 when isReady => (Convert.FromHexString("01F4336667A25EB93C"), 1),
            _ => null,
        }));
        using ChipUnderTest it = new(wiring, "scd4x");
        Assert.Contains("five seconds", it.ReadBadly(Faults.SensorEmpty), StringComparison.Ordinal);
        Assert.True(isRunning);
        isReady = true;
        Dictionary<string, double> values = it.ReadWell();
        Assert.Equal(500.0, values["carbon_dioxide"]);
        Assert.Equal(25.0, values["temperature"], 2);
        Assert.Equal(37.0, values["humidity"], 1);

        // Read faster than it measures: the last value stands, but not for ever.
        isReady = false;
        wiring.Pass(3_000);
        Assert.Equal(500.0, it.ReadWell()["carbon_dioxide"]);
        wiring.Pass(13_000);
        Assert.Contains("started again", it.ReadBadly(Faults.SensorSilent), StringComparison.Ordinal);
        isReady = true;
        it.ReadWell();

        (byte[], int)? Started()
        {
            isRunning = true;
            return ([], 1);
        }
    }

    /// <summary>SGP40 §4.5, table 10: without compensation the command is 26 0F 80 00 A2 66 66 93.</summary>
    [Fact]
    public void The_SGP40_is_told_of_the_air_by_the_sensor_that_the_entry_names()
    {
        List<string> told = [];
        FakeWiring wiring = new FakeWiring().With(0x59, FakeChips.Sgp40(bytes => told.Add(Convert.ToHexString(bytes))));
        using ChipUnderTest it = new(wiring, "sgp40", ("compensate_with", "air"));
        Assert.Equal(0x7530, it.ReadWell()["it"]);
        (wiring.Others["air.humidity"], wiring.Others["air.temperature"]) = (100, 130);
        it.ReadWell();
        (wiring.Others["air.humidity"], wiring.Others["air.temperature"]) = (-7, -45);
        it.ReadWell();
        Assert.Equal(["260F8000A2666693", "260FFFFFACFFFFAC", "260F000081000081"], told);
        Assert.Throws<FaultException>(() => new ChipUnderTest(wiring, "sgp40", ("compensate_with", "it")));
    }
}
