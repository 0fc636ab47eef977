using System;
using System.Collections.Generic;
using CsCheck;
using MeshIoT.Health;
using MeshIoT.Sensors.Chips.Bosch;
using MeshIoT.Sensors.Tests.Bus;
using Xunit;

namespace MeshIoT.Sensors.Tests.Chips;

/// <summary>BME280, BMP280, BME680. Truth: the worked example of BST-BMP280-DS001 §3.12, and the data sheets' integer formulas beside the floating ones.</summary>
public class BoschTests
{
    [Theory]
    [InlineData("bmp280", (byte)0x58)]
    [InlineData("bme280", (byte)0x60)]
    public void The_data_sheets_example_gives_its_temperature_and_pressure(string driver, byte id)
    {
        using ChipUnderTest it = new(new FakeWiring().With(0x76, FakeChips.Bme280(id)), driver);
        Dictionary<string, double> values = it.ReadWell();
        Assert.Equal(25.08, values["temperature"], 2);
        Assert.Equal(1006.5327, values["pressure"], 3);
        Assert.Equal(driver == "bme280", values.ContainsKey("humidity"));
    }

    [Fact]
    public void Humidity_agrees_with_the_data_sheets_integer_formula()
    {
        // BST-BME280-DS002 §4.2.3, 32-bit: %RH × 1024.
        static double Whole(int raw, int fine, int h1, int h2, int h3, int h4, int h5, int h6)
        {
            int x = fine - 76800;
            int counts = ((raw << 14) - (h4 << 20) - (h5 * x) + 16384) >> 15;
            int slope = (((((x * h6) >> 10) * (((x * h3) >> 11) + 32768)) >> 10) + 2097152) * h2;
            int y = counts * ((slope + 8192) >> 14);
            y -= (((y >> 15) * (y >> 15)) >> 7) * h1 >> 4;
            return Math.Clamp(y, 0, 419430400) / 4096 / 1024.0;
        }

        Gen.Select(Gen.Int[20_000, 50_000], Gen.Int[0, 250_000], Gen.Int[50, 90], Gen.Int[330, 390], Gen.Int[280, 340], Gen.Int[-30, 60]).Sample((raw, fine, h1, h2, h4, h5) =>
        {
            byte[] low = new byte[Bme280Calibration.LowBytes];
            low[25] = (byte)h1;
            byte[] high = [(byte)h2, (byte)(h2 >> 8), 0, (byte)(h4 >> 4), (byte)((h4 & 15) | ((h5 & 15) << 4)), (byte)(h5 >> 4), 30];
            Assert.Equal(Whole(raw, fine, h1, h2, 0, h4, h5, 30), new Bme280Calibration(low, high).Humidity(raw, fine), 0.15);
        });
    }

    [Fact]
    public void The_BME680_agrees_with_the_data_sheets_integer_formulas()
    {
        using ChipUnderTest it = new(new FakeWiring().With(0x76, FakeChips.Bme680()), "bme680");
        Dictionary<string, double> values = it.ReadWell();

        // BST-BME680-DS001 §3.3, integer, with the coefficients and counts of the fake chip.
        const int T1 = 26125, T2 = 26370, T3 = 3, H1 = 0x309, H2 = 0x3FC, H4 = 45, H5 = 20, H6 = 120, H7 = -100, Raw = 493000, RawHumidity = 0x5210, RawPressure = 348000;
        int v1 = (Raw >> 3) - (T1 << 1), v2 = (v1 * T2) >> 11, v3 = ((((v1 >> 1) * (v1 >> 1)) >> 12) * (T3 << 4)) >> 14, fine = v2 + v3, centi = ((fine * 5) + 128) >> 8;
        Assert.Equal(centi / 100.0, values["temperature"], 0.011);

        int a1 = RawHumidity - (H1 << 4);
        int a2 = (H2 * ((centi * H4 / 100) + ((centi * (centi * H5 / 100)) >> 6) / 100 + (1 << 14))) >> 10;
        int a3 = a1 * a2, a4 = ((H6 << 7) + (centi * H7 / 100)) >> 4, a5 = ((a3 >> 14) * (a3 >> 14)) >> 10, a6 = (a4 * a5) >> 1;
        Assert.Equal(Math.Clamp((((a3 + a6) >> 10) * 1000) >> 12, 0, 100_000) / 1000.0, values["humidity"], 0.1);

        const int P1 = 35853, P2 = -10282, P3 = 88, P4 = 7141, P5 = -102, P6 = 30, P7 = 51, P8 = -1, P9 = -2830, P10 = 30;
        int b1 = (fine >> 1) - 64000, b2 = ((((b1 >> 2) * (b1 >> 2)) >> 11) * P6) >> 2;
        b2 += (b1 * P5) << 1;
        b2 = (b2 >> 2) + (P4 << 16);
        b1 = ((((((b1 >> 2) * (b1 >> 2)) >> 13) * (P3 << 5)) >> 3) + ((P2 * b1) >> 1)) >> 18;
        b1 = ((32768 + b1) * P1) >> 15;
        long pascal = (1048576 - RawPressure - (b2 >> 12)) * 3125L * 2 / b1;
        long c1 = (P9 * (((pascal >> 3) * (pascal >> 3)) >> 13)) >> 12, c2 = ((pascal >> 2) * P8) >> 13, c3 = ((pascal >> 8) * (pascal >> 8) * (pascal >> 8) * P10) >> 17;
        pascal += (c1 + c2 + c3 + (P7 << 7)) >> 4;
        Assert.Equal(pascal / 100.0, values["pressure"], 0.1);

        // §3.4.1: range 6, 0x90 << 2 | 2 counts, no switching error.
        const long Gas1 = (1340L * 2147483647) >> 16, Gas2 = ((0x242L << 15) - (1 << 24)) + Gas1;
        Assert.Equal((double)(((64_000_000L * Gas1) >> 9) + (Gas2 >> 1)) / Gas2, values["gas_resistance"], 5.0);
    }

    [Fact]
    public void A_BME688_has_its_gas_value_elsewhere_and_by_another_formula()
    {
        using ChipUnderTest it = new(new FakeWiring().With(0x76, FakeChips.Bme680(1)), "bme680");
        Assert.Equal(1e6 * (262144 >> 6) / (4096 + (3 * (0x242 - 512))), it.ReadWell()["gas_resistance"], 1.0);
    }

    [Theory]
    [InlineData(100, 0x59)]
    [InlineData(63, 63)]
    [InlineData(150, 0x65)]
    [InlineData(500, 0x9F)]
    public void Heater_waits_are_as_the_data_sheet_writes_them(int milliseconds, int register) => Assert.Equal(register, Bme680.GasWait(milliseconds));

    [Theory]
    [InlineData("bme280", (byte)0x58, "0x58")]
    [InlineData("bmp280", (byte)0x60, "0x60")]
    [InlineData("bme680", (byte)0x60, "0x60")]
    public void Another_chip_at_the_address_is_named(string driver, byte id, string named)
    {
        using ChipUnderTest it = new(new FakeWiring().With(0x76, FakeChips.Bme280(id)), driver);
        Assert.Contains(named, it.ReadBadly(Faults.SensorWrongChip), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chip_that_lost_its_power_between_readings_is_set_up_again()
    {
        RegisterChip chip = FakeChips.Bme280(0x60);
        using ChipUnderTest it = new(new FakeWiring().With(0x76, chip), "bme280");
        double humidity = it.ReadWell()["humidity"];
        chip.PowerCycle();
        Assert.Equal(humidity, it.ReadWell()["humidity"]);
        Assert.Equal(1, chip.Registers[0xF2]);
    }

    [Fact]
    public void A_chip_that_never_ends_measuring_or_has_no_calibration_says_so()
    {
        RegisterChip busy = FakeChips.Bme280(0x60), empty = new((0xD0, [0x60]));
        busy.Written += (at, _) => busy.Registers[0xF3] = at == 0xF4 ? (byte)8 : (byte)0;
        using ChipUnderTest first = new(new FakeWiring().With(0x76, busy), "bme280"), second = new(new FakeWiring().With(0x76, empty), "bme280");
        Assert.Contains("does not end", first.ReadBadly(Faults.SensorSilent), StringComparison.Ordinal);
        Assert.Contains("calibration", second.ReadBadly(Faults.SensorNonsense), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bme280")]
    [InlineData("bme680")]
    public void A_bit_that_flips_while_the_calibration_is_read_spoils_nothing_that_follows(string driver)
    {
        (int address, Func<FakeChip> make) = FakeChips.All[driver];
        FakeWiring wiring = new FakeWiring().With(address, make());
        using ChipUnderTest it = new(wiring, driver);
        bool isSpoiled = false;
        wiring.Tampers = (_, bytes) =>
        {
            if (!isSpoiled && bytes.Length > 20)
            {
                isSpoiled = true;
                bytes[4] ^= 2;
            }
        };
        Assert.Contains("calibration", it.ReadBadly(Faults.SensorNonsense), StringComparison.Ordinal);
        using ChipUnderTest clean = new(new FakeWiring().With(address, make()), driver);
        Assert.Equal(clean.ReadWell(), it.ReadWell());
    }
}
