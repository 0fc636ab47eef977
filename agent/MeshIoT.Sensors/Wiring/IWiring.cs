using System;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using System.Threading;

namespace MeshIoT.Sensors.Wiring;

/// <summary>Where drivers get their buses from. The gateway's opens those of the kernel, a test's are fakes.</summary>
public interface IWiring
{
    /// <summary>Start of the file tree: "" on a gateway, a folder in a test. Drivers that read sysfs or procfs put it before their paths.</summary>
    string Root { get; }

    /// <summary>A device on an I2C bus. Opening touches no hardware.</summary>
    /// <param name="bus">Number of the bus: 1 is /dev/i2c-1.</param>
    /// <param name="address">0x03 to 0x77.</param>
    I2cDevice I2c(int bus, int address);

    /// <summary>A device on an SPI bus.</summary>
    SpiDevice Spi(SpiConnectionSettings settings);

    /// <summary>The controller of a GPIO chip, shared by all who ask for the same; not to be disposed of.</summary>
    /// <param name="chip">Name (<c>gpiochip0</c>) or label (<c>pinctrl-rp1</c>); empty: the header's chip of this board.</param>
    GpioController Gpio(string chip);

    /// <summary>Waits while a chip measures. A test's wiring only counts.</summary>
    /// <param name="milliseconds">1 to 1000.</param>
    void Wait(int milliseconds) => Thread.Sleep(milliseconds);

    /// <summary>Time that only goes forward, milliseconds.</summary>
    long MonotonicMs => Environment.TickCount64;

    /// <summary>The latest good value of another sensor of the gateway, for drivers that compensate with it; null when there is none.</summary>
    /// <param name="sensorId">Id of the value, such as <c>air.humidity</c>.</param>
    double? ValueOf(string sensorId) => null;
}
