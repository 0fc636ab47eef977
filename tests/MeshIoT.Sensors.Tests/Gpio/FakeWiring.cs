using System;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Tests.Gpio;

/// <summary>A wiring whose only bus is a chip of <see cref="FakePins"/>, or that has none and a file tree.</summary>
internal sealed class FakeWiring : IWiring, IDisposable
{
    readonly GpioController? controller;

    public FakeWiring(FakePins pins) => controller = new GpioController(pins);

    public FakeWiring(string root) => Root = root;

    public string Root { get; } = "";

    public I2cDevice I2c(int bus, int address) => throw new NotSupportedException();

    public SpiDevice Spi(SpiConnectionSettings settings) => throw new NotSupportedException();

    public GpioController Gpio(string chip) => controller ?? throw new NotSupportedException();

    public void Dispose() => controller?.Dispose();
}
