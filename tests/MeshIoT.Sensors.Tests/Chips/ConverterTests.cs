using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Tests.Bus;
using Xunit;

namespace MeshIoT.Sensors.Tests.Chips;

/// <summary>ADS1115, MCP3008, INA219. Truth: the tables of their data sheets.</summary>
public class ConverterTests
{
    /// <summary>TI SBAS444 table 8-3 and §9.5.4: full scale by gain, 0x7FFF the end of it, 0x8000 the other, one step FS/2^15.</summary>
    [Theory]
    [InlineData("2/3", 0x4000, 3.072)]
    [InlineData("1", 0x4000, 2.048)]
    [InlineData("2", 0x0001, 0.0000625)]
    [InlineData("4", 0xFFFF, -0.00003125)]
    [InlineData("8", 0x2000, 0.128)]
    [InlineData("16", 0xC000, -0.128)]
    public void ADS1115_counts_become_volts_by_gain(string gain, int raw, double volts)
    {
        RegisterChip chip = FakeChips.Ads1115(_ => raw);
        using ChipUnderTest it = new(new FakeWiring().With(0x48, chip), "ads1115", ("gain", gain));
        Assert.All(it.ReadWell().Values, v => Assert.Equal(volts, v, 9));
    }

    [Fact]
    public void ADS1115_channels_are_the_inputs_against_ground()
    {
        using ChipUnderTest it = new(new FakeWiring().With(0x48, FakeChips.Ads1115(channel => channel * 0x1000)), "ads1115");
        Dictionary<string, double> values = it.ReadWell();
        Assert.Equal(["a0", "a1", "a2", "a3"], values.Keys);
        Assert.Equal([0, 0.512, 1.024, 1.536], values.Values);
        using ChipUnderTest one = new(new FakeWiring().With(0x48, FakeChips.Ads1115(channel => channel * 0x1000)), "ads1115", ("channels", "2"));
        Assert.Equal(1.024, one.ReadWell()["it"]);
    }

    [Theory]
    [InlineData(0x7FFF)]
    [InlineData(0x8000)]
    public void An_input_beyond_full_scale_is_not_passed_on_as_full_scale(int raw)
    {
        using ChipUnderTest it = new(new FakeWiring().With(0x48, FakeChips.Ads1115(_ => raw)), "ads1115");
        Assert.Contains("input 0 is beyond ±4.096 V", it.ReadBadly(Faults.SensorNonsense), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("channels", "4")]
    [InlineData("channels", "0,0")]
    [InlineData("channels", "0,1,2,3,0")]
    [InlineData("channels", "")]
    [InlineData("gain", "3")]
    public void Options_that_cannot_be_right_are_refused(string option, string value) =>
        Assert.Equal(Faults.SettingMalformed.Code, Assert.Throws<FaultException>(() => new ChipUnderTest(new FakeWiring(), "ads1115", (option, value))).Report.Fault.Code);

    /// <summary>DS21295D figure 6-1: start, single-ended and channel in the second byte; a null bit and ten bits back.</summary>
    [Fact]
    public void MCP3008_frames_are_as_the_data_sheet_draws_them()
    {
        List<byte[]> sent = [];
        FakeWiring wiring = new()
        {
            SpiAnswer = bytes =>
            {
                sent.Add(bytes);
                return [0xFF, 0xFA, 0x00];
            },
        };
        using ChipUnderTest it = new(wiring, "mcp3008", ("channels", "0,5,7"), ("reference", "3.3"));
        Assert.All(it.ReadWell().Values, v => Assert.Equal(1.65, v, 9));
        Assert.Equal(["018000", "01D000", "01F000"], sent.Select(Convert.ToHexString));
        Assert.Equal("spi-0", it.Device.Lane);
    }

    [Fact]
    public void An_MCP3008_that_is_not_there_is_not_taken_for_full_scale()
    {
        using ChipUnderTest it = new(new FakeWiring { SpiAnswer = _ => [0xFF, 0xFF, 0xFF] }, "mcp3008");
        Assert.Contains("data line", it.ReadBadly(Faults.SensorSilent), StringComparison.Ordinal);
    }

    /// <summary>TI SBOS448 §9.2 (table 9-1): 0x07D0 at the shunt is 20 mV, 0x5D98 is 11.98 V; through 2 mΩ that is 10 A and 119.8 W.</summary>
    [Fact]
    public void The_INA219_data_sheets_example_gives_its_volts_amperes_and_watts()
    {
        RegisterChip chip = FakeChips.Ina219(0x07D0, 0x5D98);
        using ChipUnderTest it = new(new FakeWiring().With(0x40, chip), "ina219", ("shunt", "0.002"));
        Dictionary<string, double> values = it.ReadWell();
        Assert.Equal(11.98, values["voltage"], 9);
        Assert.Equal(10.0, values["current"], 9);
        Assert.Equal(119.8, values["power"], 9);
    }

    [Fact]
    public void A_current_that_flows_back_is_negative()
    {
        using ChipUnderTest it = new(new FakeWiring().With(0x40, FakeChips.Ina219(0xF830, 0x5D98)), "ina219", ("shunt", "0.1"));
        Assert.Equal(-0.2, it.ReadWell()["current"], 9);
    }

    [Theory]
    [InlineData("ads1115", 0x48)]
    [InlineData("ina219", 0x40)]
    public void A_chip_that_does_not_keep_its_settings_is_another_chip(string driver, int address)
    {
        RegisterChip chip = new();
        chip.Written = (at, _) => chip.Registers[at] = 0x80;
        using ChipUnderTest it = new(new FakeWiring().With(address, chip), driver);
        Assert.Contains("settings", it.ReadBadly(Faults.SensorWrongChip), StringComparison.Ordinal);
    }
}
