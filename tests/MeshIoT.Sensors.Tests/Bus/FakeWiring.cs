using System;
using System.Collections.Generic;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using System.IO;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Tests.Bus;

/// <summary>Buses with fake chips on them and a clock that only waits move. Faults are injected between the bus and those who read it.</summary>
internal sealed class FakeWiring : IWiring
{
    readonly Dictionary<(int Bus, int Address), FakeChip> chips = [];

    public string Root { get; set; } = "";

    public long MonotonicMs { get; private set; } = 1_000_000;

    /// <summary>What the reading thread waited so far, milliseconds.</summary>
    public long WaitedMs { get; private set; }

    /// <summary>Called before each transfer with the address: may throw what a bus throws.</summary>
    public Action<int>? Breaks { get; set; }

    /// <summary>Changes what an address gave before it is seen.</summary>
    public Action<int, byte[]>? Tampers { get; set; }

    /// <summary>What an SPI chip shifts out while it gets these bytes.</summary>
    public Func<byte[], byte[]>? SpiAnswer { get; set; }

    public Dictionary<string, double> Others { get; } = [];

    public FakeWiring With(int address, FakeChip chip, int bus = 1)
    {
        chips[(bus, address)] = chip;
        return this;
    }

    public FakeWiring Without(int address, int bus = 1)
    {
        chips.Remove((bus, address));
        return this;
    }

    public I2cDevice I2c(int bus, int address) => new Device(this, new I2cConnectionSettings(bus, address));

    public SpiDevice Spi(SpiConnectionSettings settings) => new SpiChip(this, settings);

    public GpioController Gpio(string chip) => throw new NotSupportedException();

    public void Wait(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, 1);
        WaitedMs += milliseconds;
        Pass(milliseconds);
    }

    public double? ValueOf(string sensorId) => Others.TryGetValue(sensorId, out double value) ? value : null;

    /// <summary>Time goes by without anybody waiting.</summary>
    public void Pass(int milliseconds)
    {
        MonotonicMs += milliseconds;
        foreach (FakeChip chip in chips.Values)
        {
            chip.Pass(milliseconds);
        }
    }

    FakeChip Reach(int bus, int address)
    {
        Breaks?.Invoke(address);
        return chips.TryGetValue((bus, address), out FakeChip? chip) ? chip : throw new IOException("Error 121 performing I2C data transfer.");
    }

    void Give(int address, byte[] bytes, Span<byte> into)
    {
        Tampers?.Invoke(address, bytes);
        bytes.CopyTo(into);
    }

    sealed class Device(FakeWiring wiring, I2cConnectionSettings settings) : I2cDevice
    {
        bool isGone;

        public override I2cConnectionSettings ConnectionSettings => settings;

        public override void Read(Span<byte> buffer)
        {
            ObjectDisposedException.ThrowIf(isGone, this);
            byte[] bytes = new byte[buffer.Length];
            wiring.Reach(settings.BusId, settings.DeviceAddress).Read(bytes);
            wiring.Give(settings.DeviceAddress, bytes, buffer);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            ObjectDisposedException.ThrowIf(isGone, this);
            wiring.Reach(settings.BusId, settings.DeviceAddress).Write(buffer);
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            Write(writeBuffer);
            Read(readBuffer);
        }

        protected override void Dispose(bool disposing) => isGone = true;
    }

    sealed class SpiChip(FakeWiring wiring, SpiConnectionSettings settings) : SpiDevice
    {
        public override SpiConnectionSettings ConnectionSettings => settings;

        public override void Read(Span<byte> buffer) => TransferFullDuplex(new byte[buffer.Length], buffer);

        public override void Write(ReadOnlySpan<byte> buffer) => TransferFullDuplex(buffer, new byte[buffer.Length]);

        public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            wiring.Breaks?.Invoke(-1);
            byte[] bytes = wiring.SpiAnswer?.Invoke(writeBuffer.ToArray()) ?? new byte[readBuffer.Length];
            wiring.Give(-1, bytes, readBuffer);
        }
    }
}
