using System;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using System.Globalization;
using System.IO;
using MeshIoT.Health;
using MeshIoT.Sensors.Gpio;
using Microsoft.Win32.SafeHandles;

namespace MeshIoT.Sensors.Wiring;

/// <summary>The buses of the machine's kernel.</summary>
public sealed class KernelWiring : IWiring, IDisposable
{
    readonly GpioChips chips;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="gpio">By which way GPIO lines are used.</param>
    /// <param name="log">Told what was chosen, in a line for people.</param>
    public KernelWiring(GpioDriverChoice gpio = GpioDriverChoice.Auto, Action<string>? log = null) => chips = new GpioChips(gpio, log ?? (static _ => { }));

    /// <inheritdoc/>
    public string Root => "";

    /// <inheritdoc/>
    public I2cDevice I2c(int bus, int address)
    {
        CheckNode(string.Create(CultureInfo.InvariantCulture, $"/dev/i2c-{bus}"));
        return I2cDevice.Create(new I2cConnectionSettings(bus, address));
    }

    /// <inheritdoc/>
    public SpiDevice Spi(SpiConnectionSettings settings)
    {
        CheckNode(string.Create(CultureInfo.InvariantCulture, $"/dev/spidev{settings.BusId}.{settings.ChipSelectLine}"));
        return SpiDevice.Create(settings);
    }

    /// <inheritdoc/>
    public GpioController Gpio(string chip) => chips.Get(chip);

    /// <summary>Where other sensors' values come from, for drivers that compensate with them.</summary>
    public Func<string, double?>? Values { get; set; }

    /// <inheritdoc/>
    public double? ValueOf(string sensorId) => Values?.Invoke(sensorId);

    /// <summary>Gives the GPIO chips back.</summary>
    public void Dispose() => chips.Dispose();

    // The library says only an error number, and only when the chip is read: a bus that is off or closed to this user deserves its own words.
    static void CheckNode(string path)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = e is UnauthorizedAccessException ? "this user may not open it" : File.Exists(path) ? "it cannot be opened" : "it does not exist";
            throw Faults.BusUnusable.With(path, why).ToException(e);
        }
    }
}
