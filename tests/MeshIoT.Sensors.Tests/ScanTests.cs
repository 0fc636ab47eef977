using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Scan;
using MeshIoT.Sensors.Tests.Bus;
using MeshIoT.Sensors.Tests.Chips;
using Xunit;

namespace MeshIoT.Sensors.Tests;

/// <summary>A scan finds what is there, by the most harmless questions, and touches nothing that somebody reads already.</summary>
public class ScanTests
{
    static ScanReport Scan(FakeWiring wiring, IReadOnlyList<SensorEntry>? entries = null, (int, int)? display = null, params string[] buses) =>
        new SensorScan(wiring, entries ?? [], display, (_, action) => action()).Run(buses);

    static SensorEntry Entry(string id, string driver, int? address = null, string bus = "") => new() { Id = id, Driver = driver, Address = address, Bus = bus };

    public static TheoryData<string> Chips() => new(FakeChips.All.Keys);

    [Theory]
    [MemberData(nameof(Chips))]
    public void Each_chip_is_found_at_each_of_its_addresses_and_is_as_it_was_afterwards(string driver)
    {
        foreach (int address in Drivers.Find(driver)!.Addresses)
        {
            FakeChip chip = FakeChips.All[driver].Make();
            byte[]? before = (chip as RegisterChip)?.Registers.ToArray();
            FoundDevice found = Assert.Single(Scan(new FakeWiring().With(address, chip), buses: "i2c-1").Found);
            Assert.Equal(("i2c-1", (int?)address, FoundState.New, driver, driver), (found.Bus, found.Address, found.State, found.Driver, found.Id));
            Assert.Equal(before, (chip as RegisterChip)?.Registers.ToArray());
        }
    }

    [Fact]
    public void A_bus_full_of_chips_gives_each_a_free_id()
    {
        FakeWiring wiring = new FakeWiring().With(0x76, FakeChips.Bme280(0x60)).With(0x77, FakeChips.Bme280(0x60)).With(0x44, FakeChips.Sht3x()).With(0x45, FakeChips.Sht4x())
            .With(0x40, FakeChips.Ina219(1, 8)).With(0x29, FakeChips.Tcs3472(1)).With(0x62, FakeChips.Scd4x()).With(0x76, FakeChips.Bme280(0x60), bus: 3);
        ScanReport report = Scan(wiring, [Entry("bme280", "sim")], buses: ["i2c-3", "i2c-1", "i2c-1"]);
        Assert.Equal(["i2c-1", "i2c-3"], report.Buses);
        Assert.Equal(["tcs3472", "ina219", "sht3x", "sht4x", "scd4x", "bme280-2", "bme280-3", "bme280-4"], report.Found.Select(f => f.Id!));
        Assert.Empty(report.Faults);
    }

    [Fact]
    public void What_an_entry_the_display_or_the_kernel_has_is_not_touched()
    {
        using FakeTree tree = new();
        tree.Put("/sys/bus/i2c/devices/1-0068/name", "ds3231\n").Put("/sys/bus/i2c/devices/1-0068/driver/uevent", "");
        FakeWiring wiring = new() { Root = tree.Root };
        List<int> touched = [];
        wiring.Breaks = touched.Add;
        wiring.With(0x76, FakeChips.Bme280(0x60)).With(0x77, FakeChips.Bme280(0x60)).With(0x68, new RegisterChip()).With(0x3C, new RegisterChip());
        ScanReport report = Scan(wiring, [Entry("air", "bme280"), Entry("loft", "bme280", 0x77, "/dev/i2c-1"), Entry("broken", "bme280", 0x50, "spi-0.0")], (1, 0x3C), "i2c-1");
        Assert.Equal(
            [(0x3C, FoundState.Configured, "display"), (0x68, FoundState.Kernel, null), (0x76, FoundState.Configured, "air"), (0x77, FoundState.Configured, "loft")],
            report.Found.Select(f => (f.Address!.Value, f.State, f.Id)));
        Assert.Equal("ds3231", report.Found[1].Note);
        Assert.DoesNotContain(touched, a => a is 0x3C or 0x68 or 0x76 or 0x77);
    }

    [Fact]
    public void Where_no_driver_knows_a_chip_nothing_is_written_and_an_alert_is_not_taken_away()
    {
        Watched rom = new(), alert = new(), below = new();
        ScanReport report = Scan(new FakeWiring().With(0x57, rom).With(I2cScan.AlertResponse, alert).With(0x03, below).With(0x3C, new RegisterChip()), buses: "i2c-1");
        Assert.Equal([(0x3C, FoundState.Likely, "ssd1306"), (0x57, FoundState.Unknown, null)], report.Found.Select(f => (f.Address!.Value, f.State, f.Driver)));
        Assert.Equal((0, 1, 0, 0, 0, 0), (rom.Writes, rom.Reads, alert.Writes, alert.Reads, below.Writes, below.Reads));
    }

    [Fact]
    public void A_stuck_bus_costs_three_tries_and_is_named_the_others_are_scanned()
    {
        int tries = 0;
        FakeWiring wiring = new FakeWiring().With(0x44, FakeChips.Sht4x(), bus: 2);
        wiring.Breaks = address =>
        {
            tries++;
            if (tries <= 3)
            {
                throw new IOException("Error 110 performing I2C data transfer.");
            }
        };
        ScanReport report = Scan(wiring, buses: ["i2c-1", "i2c-2"]);
        Assert.Equal(Faults.BusUnusable.Code, Assert.Single(report.Faults).Fault.Code);
        Assert.Contains("i2c-1", report.Faults[0].Message, StringComparison.Ordinal);
        Assert.Equal("i2c-2", Assert.Single(report.Found).Bus);
    }

    [Fact]
    public void Without_names_all_buses_are_scanned_and_what_the_kernel_shows_is_told()
    {
        using FakeTree tree = new();
        tree.Put("/dev/i2c-1", "").Put("/dev/i2c-20", "").Put("/dev/i2c-x", "")
            .Put("/sys/bus/w1/devices/28-0316a2798bff/w1_slave", "50 05 : crc=aa YES\n50 05 t=21000\n").Put("/sys/bus/iio/devices/iio:device0/name", "dht11\n")
            .Put("/sys/bus/iio/devices/iio:device0/in_temp_input", "21000\n");
        ScanReport report = Scan(new FakeWiring { Root = tree.Root });
        Assert.Equal(["i2c-1", "i2c-20"], report.Buses);
        Assert.Equal([("w1", "w1.28-0316a2798bff"), ("iio", "iio.0-dht11.temp")], report.Found.Select(f => (f.Bus, f.Id!)));
        Assert.Throws<FaultException>(() => Scan(new FakeWiring(), buses: "ttyS0"));
    }

    [Fact]
    public void A_trial_shows_what_the_driver_gave_and_what_became_of_it()
    {
        FakeWiring wiring = new FakeWiring().With(0x44, FakeChips.Sht3x());
        SensorEntry entry = Entry("air", "sht3x") with { Quantities = new Dictionary<string, QuantityEntry> { ["temperature"] = new() { Unit = "°F", Offset = 1 } } };
        using Sampler sampler = new();
        sampler.Use([(Drivers.Find("sht3x")!.Create(entry, wiring), entry, TimeSpan.FromSeconds(10))]);
        Assert.Equal(("air", "sht3x", "i2c-1"), sampler.DeviceOf("air.humidity"));
        Assert.Equal(sampler.DeviceOf("air.humidity"), sampler.DeviceOf("air"));
        Assert.Null(sampler.DeviceOf("air.pressure"));
        SensorTrial trial = sampler.Try("air", 1)!;
        Assert.Null(trial.Fault);
        Assert.Equal((25.0, "°C", 78.8, "°F"), (Math.Round(trial.Values[0].Raw, 2), trial.Values[0].RawUnit, Math.Round(trial.Values[0].Reading.Value!.Value, 1), trial.Values[0].Reading.Sensor.Unit));
        wiring.Without(0x44);
        trial = sampler.Try("air.humidity", 2)!;
        Assert.Equal(Faults.SensorSilent.Code, trial.Fault!.Fault.Code);
        Assert.True(double.IsNaN(trial.Values[1].Raw));
    }

    /// <summary>Counts what is done to it.</summary>
    sealed class Watched : FakeChip
    {
        public int Writes { get; private set; }

        public int Reads { get; private set; }

        public override void Write(ReadOnlySpan<byte> bytes) => Writes++;

        public override void Read(Span<byte> into) => Reads++;

        public override void PowerCycle()
        {
        }
    }
}
