using System;
using System.IO;
using System.Linq;
using MeshIoT.Health;
using MeshIoT.Sensors.Tests.Gpio;
using Xunit;

namespace MeshIoT.Sensors.Tests;

/// <summary>Entries whose hardware the kernel reads: ds18b20, dht22 and iio, on trees of files.</summary>
public sealed class KernelReadTests : IDisposable
{
    const string Good = "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n";

    readonly FakeTree tree = new();

    public void Dispose() => tree.Dispose();

    SensorDevice Make(string driver, params (string, string)[] options) => Drivers.Find(driver)!.Create(
        new SensorEntry { Id = "s", Driver = driver, Options = options.ToDictionary(o => o.Item1, o => o.Item2), Origin = "m.toml:1:1" }, new FakeWiring(tree.Root));

    static (double[] Values, FaultReport? Fault) Read(SensorDevice device)
    {
        double[] values = new double[device.Channels.Count];
        Array.Fill(values, double.NaN);
        return (values, device.Read(1, values));
    }

    [Fact]
    public void A_thermometer_is_found_by_its_serial_or_because_it_is_alone()
    {
        using SensorDevice alone = Make("ds18b20"), named = Make("ds18b20", ("serial", "28-00000000000b"), ("resolution", "10"));
        Assert.Contains("w1-gpio", Read(alone).Fault!.Message, StringComparison.Ordinal);
        tree.Put("/sys/bus/w1/devices/28-00000000000a/w1_slave", Good);
        Assert.Equal((23.125, null), (Read(alone).Values[0], Read(alone).Fault));
        Assert.Contains("28-00000000000a", Read(named).Fault!.Message, StringComparison.Ordinal);
        tree.Put("/sys/bus/w1/devices/28-00000000000b/w1_slave", Good.Replace("23125", "-1062", StringComparison.Ordinal)).Put("/sys/bus/w1/devices/28-00000000000b/resolution", "12");
        Assert.Equal(-1.062, Read(named).Values[0]);
        Assert.Equal("10", File.ReadAllText(tree.Root + "/sys/bus/w1/devices/28-00000000000b/resolution"));
        Assert.Contains("several", Read(alone).Fault!.Message, StringComparison.Ordinal);
        Assert.Equal(("s", "°C", "w1"), (alone.Channels[0].Id, alone.Channels[0].Unit, alone.Lane));
    }

    [Theory]
    [InlineData("YES", "NO", "23125", "23125", "checksum")]
    [InlineData("YES", "YES", "23125", "85000", "85 °C")]
    [InlineData("YES", "YES", "23125", "126000", "126 °C")]
    [InlineData("YES", "YES", "t=23125", "", "no reading")]
    public void A_thermometer_that_gives_nonsense_says_which(string from, string to, string value, string bad, string says)
    {
        tree.Put("/sys/bus/w1/devices/28-00000000000a/w1_slave", Good.Replace(from, to, StringComparison.Ordinal).Replace(value, bad, StringComparison.Ordinal));
        using SensorDevice device = Make("ds18b20");
        (double[] values, FaultReport? fault) = Read(device);
        Assert.Equal("sensor-nonsense", fault!.Fault.Code);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.True(double.IsNaN(values[0]));
    }

    [Fact]
    public void A_thermometer_that_is_there_and_silent_is_silent()
    {
        Directory.CreateDirectory(tree.Root + "/sys/bus/w1/devices/28-00000000000a");
        using SensorDevice device = Make("ds18b20");
        Assert.Equal("sensor-silent", Read(device).Fault!.Fault.Code);
        Assert.Throws<FaultException>(() => Make("ds18b20", ("serial", "../../etc")));
        Assert.Throws<FaultException>(() => Make("ds18b20", ("resolution", "8")));
    }

    [Fact]
    public void A_dht22_is_the_kernels_dht11()
    {
        using SensorDevice dht = Make("dht22"), second = Make("dht22", ("device", "dht11@17"));
        Assert.Contains("dtoverlay=dht11", Read(dht).Fault!.Message, StringComparison.Ordinal);
        tree.Put("/sys/bus/iio/devices/iio:device0/name", "dht11@4\n").Put("/sys/bus/iio/devices/iio:device0/in_temp_input", "21400\n")
            .Put("/sys/bus/iio/devices/iio:device0/in_humidityrelative_input", "56300\n");
        Assert.Equal([21.4, 56.3], Read(dht).Values);
        Assert.Equal(["s.temperature", "s.humidity"], dht.Channels.Select(c => c.Id));
        Assert.Equal(["temperature", "humidity"], dht.Channels.Select(c => c.Quantity));
        tree.Put("/sys/bus/iio/devices/iio:device1/name", "dht11@17\n").Put("/sys/bus/iio/devices/iio:device1/in_temp_input", "5000\n");
        (double[] values, FaultReport? fault) = Read(second);
        Assert.Equal((5.0, true, "sensor-silent"), (values[0], double.IsNaN(values[1]), fault!.Fault.Code));
        Assert.Contains("several", Read(dht).Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_iio_device_is_read_by_name_with_scale_and_offset()
    {
        tree.Put("/sys/bus/iio/devices/iio:device3/name", "ads1015\n").Put("/sys/bus/iio/devices/iio:device3/label", "tank\n")
            .Put("/sys/bus/iio/devices/iio:device3/in_voltage0_raw", "1500\n").Put("/sys/bus/iio/devices/iio:device3/in_voltage0_scale", "2\n")
            .Put("/sys/bus/iio/devices/iio:device3/in_voltage1_raw", "100\n").Put("/sys/bus/iio/devices/iio:device3/in_voltage_scale", "1\n")
            .Put("/sys/bus/iio/devices/iio:device3/in_unknown_raw", "1\n");
        using SensorDevice all = Make("iio", ("device", "ads1015")), one = Make("iio", ("device", "tank"), ("channel", "voltage1"));
        Assert.Equal([3, 0.1], Read(all).Values);
        Assert.Equal(["s.voltage0", "s.voltage1"], all.Channels.Select(c => c.Id));
        Assert.Equal([0.1], Read(one).Values);
        Assert.Equal("s", one.Channels[0].Id);
        File.WriteAllText(tree.Root + "/sys/bus/iio/devices/iio:device3/in_voltage1_raw", "nonsense");
        Assert.Equal((3.0, "sensor-silent"), (Read(all).Values[0], Read(all).Fault!.Fault.Code));
    }

    [Theory]
    [InlineData("", "voltage0")]
    [InlineData("../x", "voltage0")]
    [InlineData("ads1015", "")]
    [InlineData("ads1015", "colour")]
    [InlineData("ads1015", "voltage0/../../x")]
    [InlineData("ads1015", "voltage0\nvoltage0")]
    public void An_entry_that_cannot_be_right_is_refused(string device, string channel)
    {
        (string, string)[] options = channel.Length > 0 ? [("device", device), ("channel", channel)] : [("device", device)];
        Assert.Equal("setting-malformed", Assert.Throws<FaultException>(() => Make("iio", options)).Report.Fault.Code);
    }
}
