using System;
using System.Collections.Concurrent;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Wiring;

/// <summary>The buses of the machine's kernel.</summary>
public sealed class KernelWiring : IWiring, IDisposable
{
    readonly ConcurrentDictionary<string, GpioController> chips = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Root => "";

    /// <inheritdoc/>
    public I2cDevice I2c(int bus, int address) => I2cDevice.Create(new I2cConnectionSettings(bus, address));

    /// <inheritdoc/>
    public SpiDevice Spi(SpiConnectionSettings settings) => SpiDevice.Create(settings);

    /// <inheritdoc/>
    public GpioController Gpio(string chip) => throw Faults.BusUnusable.With(chip.Length == 0 ? "gpio" : chip, "GPIO is not supported yet").ToException();

    /// <summary>Gives the GPIO chips back.</summary>
    public void Dispose()
    {
        foreach (GpioController chip in chips.Values)
        {
            chip.Dispose();
        }
    }
}
