using System;
using System.Device.I2c;
using System.IO;
using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Display;

/// <summary>
/// An OLED display with an SSD1306, 128 × 64 or 128 × 32 dots (Solomon Systech SSD1306 rev 1.1). Only pages that changed are sent. After an error, and
/// when the display says that it is off (it lost its power), all of it is set up and sent anew.
/// </summary>
public sealed class Ssd1306 : IDisposable
{
    /// <summary>Dots across.</summary>
    public const int Width = 128;

    /// <summary>What follows is commands; is dots (§8.1.5.2).</summary>
    const byte Commands = 0x00, Dots = 0x40;

    /// <summary>Bit of the status byte that says that the display is off (§9, table 9-2).</summary>
    const byte IsOff = 0x40;

    readonly IWiring wiring;
    readonly int bus, address, height;
    readonly bool isTurned;
    readonly byte contrast;
    readonly byte[] shown;
    I2cDevice? device;
    bool isReady;

    /// <param name="wiring">Where its bus comes from.</param>
    /// <param name="bus">Number of the I2C bus.</param>
    /// <param name="address">0x3C, with its strap 0x3D.</param>
    /// <param name="height">64 or 32.</param>
    /// <param name="isTurned">Upside down.</param>
    /// <param name="contrast">0 to 255; less makes it last longer.</param>
    public Ssd1306(IWiring wiring, int bus, int address, int height, bool isTurned, byte contrast)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(height is 32 or 64, true);
        (this.wiring, this.bus, this.address, this.height, this.isTurned, this.contrast) = (wiring, bus, address, height, isTurned, contrast);
        shown = new byte[Width * height / 8];
    }

    /// <summary>Shows a picture of this size. Null when it is shown; otherwise why not. Never throws for a faulty display.</summary>
    public FaultReport? Show(Canvas picture)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(picture.Bytes.Length, shown.Length);
        try
        {
            device ??= wiring.I2c(bus, address);
            bool all = !isReady || (device.ReadByte() & IsOff) != 0;
            if (all)
            {
                isReady = false;
                SetUp(device);
            }

            for (int page = 0; page < height / 8; page++)
            {
                ReadOnlySpan<byte> now = picture.Bytes.AsSpan(page * Width, Width);
                Span<byte> before = shown.AsSpan(page * Width, Width);
                if (all || !now.SequenceEqual(before))
                {
                    Send(device, page, now);
                    now.CopyTo(before);
                }
            }

            if (all)
            {
                // Lit only now: no snow before the first picture.
                device.Write([Commands, 0xAF]);
                isReady = true;
            }

            return null;
        }
        catch (FaultException e)
        {
            Close();
            return e.Report;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException or InvalidOperationException or NotSupportedException)
        {
            Close();
            return Faults.DisplaySilent.With($"0x{address:X2}", $"i2c-{bus}");
        }
    }

    /// <summary>Makes it dark and gives the bus back.</summary>
    public void Dispose()
    {
        try
        {
            if (isReady)
            {
                device?.Write([Commands, 0xAE]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException or InvalidOperationException or NotSupportedException)
        {
            // Gone already.
        }

        Close();
    }

    void Close()
    {
        isReady = false;
        device?.Dispose();
        device = null;
    }

    void SetUp(I2cDevice to)
    {
        ReadOnlySpan<byte> commands =
        [
            Commands,
            0xAE, // off while it is set up
            0xD5, 0x80, // clock as after a reset
            0xA8, (byte)(height - 1), // rows
            0xD3, 0x00, 0x40, // no shift, first row first
            0x8D, 0x14, // charge pump on: the panel's voltage is made here
            0x20, 0x00, // column after column, page after page
            (byte)(isTurned ? 0xA0 : 0xA1), (byte)(isTurned ? 0xC0 : 0xC8), // which edge is left, which is top
            0xDA, (byte)(height == 64 ? 0x12 : 0x02), // how the rows are wired
            0x81, contrast,
            0xD9, 0xF1, 0xDB, 0x40, // as the charge pump wants it
            0xA4, 0xA6, 0x2E, // what is in memory, lit is lit, nothing scrolls
        ];
        to.Write(commands);
    }

    static void Send(I2cDevice to, int page, ReadOnlySpan<byte> dots)
    {
        to.Write([Commands, 0x21, 0, Width - 1, 0x22, (byte)page, (byte)page]);
        Span<byte> message = stackalloc byte[Width + 1];
        message[0] = Dots;
        dots.CopyTo(message[1..]);
        to.Write(message);
    }
}
