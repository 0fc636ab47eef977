using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MeshIoT.Sensors.Host;
using Xunit;

namespace MeshIoT.Sensors.Tests;

public class HostSensorsTests
{
    static double? Read(FakeTree tree, string id, long now = 1000)
    {
        Sampler sampler = new(HostSensors.Discover(tree.Root), TimeSpan.FromSeconds(1));
        sampler.Sample(now);
        Reading? r = sampler.Find(id, now);
        Assert.NotNull(r);
        return r.Quality == Quality.Good ? r.Value : null;
    }

    [Fact]
    public void Cpu_load_is_the_share_of_busy_ticks_between_two_samples()
    {
        using FakeTree tree = new FakeTree().Put("/proc/stat", "cpu  100 0 100 700 100 0 0 0 5 5\ncpu0 1 2 3 4\n");
        Sampler sampler = new(HostSensors.Discover(tree.Root), TimeSpan.FromSeconds(1));
        sampler.Sample(1000);
        Assert.Equal(20.0, sampler.Find("host.cpu_load", 1000)!.Value);
        tree.Put("/proc/stat", "cpu  150 0 125 700 125 0 0 0 5 5\n");
        sampler.Sample(2000);
        Assert.Equal(75.0, sampler.Find("host.cpu_load", 2000)!.Value);
    }

    [Fact]
    public void Memory_is_what_new_programs_cannot_have()
    {
        using FakeTree tree = new FakeTree().Put("/proc/meminfo", "MemTotal:       1000 kB\nMemFree:  10 kB\nMemAvailable:    250 kB\n");
        Assert.Equal(75.0, Read(tree, "host.memory_used"));
    }

    [Fact]
    public void A_hwmon_chip_shows_every_channel_with_its_unit()
    {
        using FakeTree tree = new FakeTree()
            .Put("/sys/class/hwmon/hwmon0/name", "nct6775\n")
            .Put("/sys/class/hwmon/hwmon0/temp1_input", "41500\n").Put("/sys/class/hwmon/hwmon0/temp1_label", "SYSTIN\n")
            .Put("/sys/class/hwmon/hwmon0/fan2_input", "1180\n")
            .Put("/sys/class/hwmon/hwmon0/in0_input", "1056\n");
        Assert.Equal(41.5, Read(tree, "hwmon.nct6775.temp1"));
        Assert.Equal(1180, Read(tree, "hwmon.nct6775.fan2"));
        Assert.Equal(1.056, Read(tree, "hwmon.nct6775.in0"));
        Assert.Contains(HostSensors.Discover(tree.Root), s => s.Description is { Name: "nct6775 SYSTIN", Unit: "°C", Quantity: "temperature" });
    }

    [Fact]
    public void Two_chips_of_one_name_keep_their_own_ids()
    {
        using FakeTree tree = new FakeTree()
            .Put("/sys/class/hwmon/hwmon0/name", "jc42").Put("/sys/class/hwmon/hwmon0/temp1_input", "30000")
            .Put("/sys/class/hwmon/hwmon1/name", "jc42").Put("/sys/class/hwmon/hwmon1/temp1_input", "31000");
        Assert.Equal(30, Read(tree, "hwmon.jc42.temp1"));
        Assert.Equal(31, Read(tree, "hwmon.jc42-2.temp1"));
    }

    [Fact]
    public void A_thermal_zone_that_hwmon_shows_is_not_listed_twice()
    {
        using FakeTree tree = new FakeTree()
            .Put("/sys/class/hwmon/hwmon0/name", "cpu_thermal").Put("/sys/class/hwmon/hwmon0/temp1_input", "48312")
            .Put("/sys/class/thermal/thermal_zone0/type", "cpu-thermal").Put("/sys/class/thermal/thermal_zone0/temp", "48312")
            .Put("/sys/class/thermal/thermal_zone1/type", "gpu-thermal").Put("/sys/class/thermal/thermal_zone1/temp", "47000");
        List<string> ids = [.. HostSensors.Discover(tree.Root).Select(s => s.Description.Id)];
        Assert.Contains("hwmon.cpu_thermal.temp1", ids);
        Assert.Contains("thermal.1.gpu-thermal", ids);
        Assert.DoesNotContain("thermal.0.cpu-thermal", ids);
    }

    [Fact]
    public void An_iio_channel_is_raw_plus_offset_times_scale()
    {
        using FakeTree tree = new FakeTree()
            .Put("/sys/bus/iio/devices/iio:device0/name", "hdc1080")
            .Put("/sys/bus/iio/devices/iio:device0/in_temp_raw", "26608").Put("/sys/bus/iio/devices/iio:device0/in_temp_offset", "-15887.515151")
            .Put("/sys/bus/iio/devices/iio:device0/in_temp_scale", "2.517700195")
            .Put("/sys/bus/iio/devices/iio:device1/name", "bmp280")
            .Put("/sys/bus/iio/devices/iio:device1/in_pressure_input", "101.325");
        Assert.Equal(26.99, Read(tree, "iio.0-hdc1080.temp"));
        Assert.Equal(1013.25, Read(tree, "iio.1-bmp280.pressure"));
    }

    [Theory]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n", 23.125)]
    [InlineData("5e ff 4b 46 7f ff 02 10 0c : crc=0c YES\n5e ff 4b 46 7f ff 02 10 0c t=-10125\n", -10.125)]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=00 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125\n", null)]
    [InlineData("50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n", null)]
    [InlineData("", null)]
    public void A_thermometer_on_1_wire_counts_only_with_a_right_checksum_and_a_real_conversion(string text, double? expected)
    {
        using FakeTree tree = new FakeTree().Put("/sys/bus/w1/devices/28-0316a2798bff/w1_slave", text);
        Assert.Equal(expected, Read(tree, "w1.28-0316a2798bff"));
    }

    [Fact]
    public void Nonsense_in_any_file_is_a_bad_reading_and_never_an_exception()
    {
        Random random = new(7);
        string[] files =
        [
            "/proc/stat", "/proc/meminfo", "/sys/class/hwmon/hwmon0/temp1_input", "/sys/class/thermal/thermal_zone0/temp",
            "/sys/bus/iio/devices/iio:device0/in_temp_raw", "/sys/bus/iio/devices/iio:device0/in_temp_scale", "/sys/bus/w1/devices/28-1/w1_slave",
        ];
        using FakeTree tree = new FakeTree().Put("/sys/class/hwmon/hwmon0/name", "x").Put("/sys/class/thermal/thermal_zone0/type", "y")
            .Put("/sys/bus/iio/devices/iio:device0/name", "z");
        for (int round = 0; round < 300; round++)
        {
            foreach (string file in files)
            {
                byte[] junk = new byte[random.Next(0, 200)];
                random.NextBytes(junk);
                tree.Put(file, "");
                File.WriteAllBytes(tree.Root + file, junk);
            }

            Sampler sampler = new(HostSensors.Discover(tree.Root), TimeSpan.FromSeconds(1));
            sampler.Sample(round);
            Assert.All(sampler.Latest(round), r => Assert.True(r.Value is null || double.IsFinite(r.Value.Value)));
        }
    }

    [Fact]
    public void This_machine_shows_at_least_load_memory_and_disk()
    {
        Sampler sampler = new(HostSensors.Discover(), TimeSpan.FromSeconds(1));
        sampler.Sample(1);
        foreach (string id in new[] { "host.cpu_load", "host.memory_used", "host.disk_used" })
        {
            Assert.InRange(Assert.NotNull(sampler.Find(id, 1)!.Value), 0, 100);
        }
    }
}
