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
}
