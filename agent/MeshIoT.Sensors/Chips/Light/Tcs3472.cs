using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Light;

/// <summary>
/// TCS3472: illuminance and colour temperature of light (ams TCS3472 data sheet; the sums are those of ams' design note DN40). The gain follows the light:
/// a reading measures up to four times until the counts suit it.
/// </summary>
public sealed class Tcs3472 : I2cChip
{
    const byte Command = 0x80, Increment = 0x20, EnableAt = Command | 0x00, TimeAt = Command | 0x01, ControlAt = Command | 0x0F, IdAt = Command | 0x12, StatusAt = Command | 0x13, DataAt = Command | Increment | 0x14;
    const byte PowerOn = 1, Measuring = 3;

    /// <summary>43 cycles of 2.4 ms, 1024 counts each.</summary>
    const int Cycles = 43, MilliSeconds = 104, MostCounts = Cycles * 1024;
    const double IntegrationMs = Cycles * 2.4;

    /// <summary>DN40: the device's factor, the weights of red, green, blue, and the line from blue by red to kelvins.</summary>
    const double DeviceFactor = 310, Red = 0.136, Green = 1, Blue = -0.444, KelvinSlope = 3810, KelvinOffset = 1391;

    static readonly double[] Gains = [1, 4, 16, 60];

    int gain = 1;

    Tcs3472(SensorEntry entry, IWiring wiring)
        : base(entry, wiring, 0x29, [new ChipValue("illuminance", "illuminance", "lx", 0, 200_000, 1), new ChipValue("colour_temperature", "colour_temperature", "K", 1000, 30_000, 0)])
    {
    }

    /// <summary>The driver <c>tcs3472</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("tcs3472", "illuminance, colour temperature (ams TCS34721, TCS34723, TCS34725, TCS34727)", static (entry, wiring) => new Tcs3472(entry, wiring))
        {
            Bus = "i2c", Addresses = [0x29, 0x39], Probe = static (device, _) =>
            {
                Span<byte> id = stackalloc byte[1];
                device.WriteRead([IdAt], id);
                return id[0] is 0x44 or 0x4D;
            },
        },
    ];

    /// <inheritdoc/>
    protected override void Begin()
    {
        CheckId(IdAt, 0x44, 0x4D);
        Write(EnableAt, PowerOn);

        // 2.4 ms until the oscillator runs.
        Wait(3);
        Write(TimeAt, 256 - Cycles);
    }

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        if (ReadByte(EnableAt) != PowerOn || ReadByte(TimeAt) != 256 - Cycles)
        {
            Begin();
        }

        Span<byte> data = stackalloc byte[8];
        for (int tries = 0; ; tries++)
        {
            int clear = Integrate(data);
            if (clear >= MostCounts * 9 / 10 && gain > 0 && tries < 3)
            {
                gain--;
            }
            else if (clear < MostCounts / 20 && gain < Gains.Length - 1 && tries < 3)
            {
                gain++;
            }
            else if (clear >= MostCounts)
            {
                throw ChipException.Nonsense("the light is brighter than it can measure");
            }
            else
            {
                break;
            }
        }

        (values[0], values[1]) = Judge(data, Gains[gain]);
        if (double.IsNaN(values[1]))
        {
            Lack("it is too dark for a colour");
        }
    }

    /// <summary>Illuminance in lux and colour temperature in kelvins (NaN in the dark) by DN40.</summary>
    internal static (double Lux, double Kelvin) Judge(ReadOnlySpan<byte> data, double gain)
    {
        double clear = BinaryPrimitives.ReadUInt16LittleEndian(data), red = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        double green = BinaryPrimitives.ReadUInt16LittleEndian(data[4..]), blue = BinaryPrimitives.ReadUInt16LittleEndian(data[6..]);

        // What the clear channel lacks to the sum of the colours is half the infrared that all of them see.
        double infrared = Math.Max(0, (red + green + blue - clear) / 2);
        (red, green, blue) = (red - infrared, green - infrared, blue - infrared);
        double lux = ((Red * red) + (Green * green) + (Blue * blue)) / (IntegrationMs * gain / DeviceFactor);
        return (Math.Max(0, lux), red > 10 && blue > 0 ? (KelvinSlope * blue / red) + KelvinOffset : double.NaN);
    }

    int Integrate(Span<byte> data)
    {
        // Switched off and on: the integration begins anew with this gain.
        Write(EnableAt, PowerOn);
        Write(ControlAt, (byte)gain);
        Write(EnableAt, Measuring);
        Wait(MilliSeconds + 5);
        for (int i = 0; (ReadByte(StatusAt) & 1) == 0; i++)
        {
            Wait(i < 10 ? 5 : throw ChipException.Silent("its measurement does not end"));
        }

        Read(DataAt, data);
        Write(EnableAt, PowerOn);
        return BinaryPrimitives.ReadUInt16LittleEndian(data);
    }
}
