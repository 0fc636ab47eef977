using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;
using Xunit;

namespace MeshIoT.Sensors.Tests;

/// <summary>Buses of the kernel that are not there.</summary>
public class KernelWiringTests
{
    [Theory]
    [InlineData("bme280", "i2c-255", "/dev/i2c-255")]
    public void A_bus_that_does_not_exist_is_a_fault_of_the_bus_and_not_of_the_chip(string driver, string bus, string path)
    {
        using KernelWiring wiring = new();
        using SensorDevice device = Drivers.Find(driver)!.Create(new SensorEntry { Id = "it", Driver = driver, Bus = bus }, wiring);
        FaultReport? fault = device.Read(0, new double[device.Channels.Count]);
        Assert.Equal(Faults.BusUnusable.Code, fault?.Fault.Code);
        Assert.Contains($"{path} cannot be used: it does not exist", fault!.Message);
    }

    [Theory]
    [InlineData("spi-0.0")]
    [InlineData("i2c-")]
    [InlineData("i2c-one")]
    [InlineData("i2c-256")]
    [InlineData("/dev/i2c--1")]
    public void A_bus_that_is_no_I2C_bus_is_refused_with_what_was_expected(string bus)
    {
        FaultException e = Assert.Throws<FaultException>(() =>
            Drivers.Find("bme280")!.Create(new SensorEntry { Id = "it", Driver = "bme280", Bus = bus, Origin = "meshiot.toml:3:1" }, new KernelWiring()));
        Assert.Equal(Faults.SettingMalformed.Code, e.Report.Fault.Code);
        Assert.Contains("meshiot.toml:3:1", e.Message);
    }
}
