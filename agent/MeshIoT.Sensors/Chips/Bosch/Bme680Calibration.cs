using System;
using System.Buffers.Binary;

namespace MeshIoT.Sensors.Chips.Bosch;

/// <summary>
/// The factory's coefficients of one BME680 and the polynomials of its data sheet (BST-BME680-DS001 §3.3, floating point). Coefficients by the data
/// sheet's numbers: t[1] is par_t1.
/// </summary>
internal sealed class Bme680Calibration
{
    /// <summary>Bytes from register 0x8A on, from 0xE1 on, from 0x00 on.</summary>
    public const int LowBytes = 23, HighBytes = 14, HeaterBytes = 5;

    /// <summary>Gas range corrections, §3.4.1: the two constant arrays.</summary>
    static readonly double[] RangeFactor = [1, 1, 1, 1, 1, 0.99, 1, 0.992, 1, 1, 0.998, 0.995, 1, 0.99, 1, 1];

    readonly double[] t = new double[4], p = new double[11], h = new double[8], g = new double[4];
    readonly double heaterRange, heaterValue, rangeError;

    /// <param name="low">Registers 0x8A to 0xA0.</param>
    /// <param name="high">Registers 0xE1 to 0xEE.</param>
    /// <param name="heater">Registers 0x00 to 0x04.</param>
    public Bme680Calibration(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, ReadOnlySpan<byte> heater)
    {
        t[1] = Unsigned(high, 0xE9 - 0xE1);
        t[2] = Signed(low, 0);
        t[3] = (sbyte)low[2];
        p[1] = Unsigned(low, 0x8E - 0x8A);
        p[2] = Signed(low, 0x90 - 0x8A);
        p[3] = (sbyte)low[0x92 - 0x8A];
        p[4] = Signed(low, 0x94 - 0x8A);
        p[5] = Signed(low, 0x96 - 0x8A);
        p[6] = (sbyte)low[0x99 - 0x8A];
        p[7] = (sbyte)low[0x98 - 0x8A];
        p[8] = Signed(low, 0x9C - 0x8A);
        p[9] = Signed(low, 0x9E - 0x8A);
        p[10] = low[0xA0 - 0x8A];

        // Two numbers of 12 bits share the byte 0xE2.
        h[1] = (high[2] << 4) | (high[1] & 0x0F);
        h[2] = (high[0] << 4) | (high[1] >> 4);
        (h[3], h[4], h[5], h[6], h[7]) = ((sbyte)high[3], (sbyte)high[4], (sbyte)high[5], high[6], (sbyte)high[7]);
        (g[1], g[2], g[3]) = ((sbyte)high[0xED - 0xE1], Signed(high, 0xEB - 0xE1), (sbyte)high[0xEE - 0xE1]);
        (heaterValue, heaterRange, rangeError) = ((sbyte)heater[0], (heater[2] >> 4) & 3, (sbyte)heater[4] >> 4);
    }

    /// <summary>False for what an empty or absent memory gives.</summary>
    public bool IsPlausible => t[1] is > 0 and < 65535 && p[1] is > 0 and < 65535;

    /// <summary>Fine temperature (5120 a degree).</summary>
    public double Fine(int raw)
    {
        double linear = (raw / 16384.0) - (t[1] / 1024), square = (raw / 131072.0) - (t[1] / 8192);
        return (linear * t[2]) + (square * square * t[3] * 16);
    }

    /// <summary>Pressure, hPa; NaN where the coefficients allow none.</summary>
    public double Pressure(int raw, double fine)
    {
        double x = (fine / 2) - 64000;
        double offset = (((x * x * p[6] / 131072) + (x * p[5] * 2)) / 4) + (p[4] * 65536);
        double sensitivity = (1 + (((p[3] * x * x / 16384) + (p[2] * x)) / 524288 / 32768)) * p[1];
        double pascal = (1048576.0 - raw - (offset / 4096)) * 6250 / sensitivity;
        double cube = pascal / 256 * (pascal / 256) * (pascal / 256) * p[10] / 131072;
        pascal += ((p[9] * pascal * pascal / 2147483648.0) + (pascal * p[8] / 32768) + cube + (p[7] * 128)) / 16;
        return double.IsFinite(pascal) ? pascal / 100 : double.NaN;
    }

    /// <summary>Relative humidity, %, held within 0 to 100.</summary>
    public double Humidity(int raw, double celsius)
    {
        double counts = raw - ((h[1] * 16) + (h[3] / 2 * celsius));
        double humidity = counts * h[2] / 262144 * (1 + (h[4] / 16384 * celsius) + (h[5] / 1048576 * celsius * celsius));
        return Math.Clamp(humidity + (((h[6] / 16384) + (h[7] / 2097152 * celsius)) * humidity * humidity), 0, 100);
    }

    /// <summary>Gas resistance, Ω.</summary>
    /// <param name="raw">10 bits.</param>
    /// <param name="range">0 to 15.</param>
    public double Gas(int raw, int range)
    {
        double factor = (1340 + (5 * rangeError)) * RangeFactor[range];

        // Full scale halves from range to range, from 8 MΩ on, with a correction of some.
        double scale = 8_000_000.0 / (1 << range) * Correction(range);
        return factor * scale / (raw - 512 + factor);
    }

    /// <summary>Gas resistance of the variant with the finer converter (BME688), Ω.</summary>
    public static double GasHigh(int raw, int range) => 1_000_000.0 * (262144 >> range) / (4096 + (3 * (raw - 512)));

    /// <summary>The heater's setting for a hot plate of <paramref name="target"/> °C in air of <paramref name="ambient"/> °C, §3.3.5.</summary>
    public byte Heater(double target, double ambient)
    {
        double slope = ((g[1] / 16) + 49) * (1 + (((g[2] / 32768 * 0.0005) + 0.00235) * target));
        double setting = 3.4 * (((slope + (g[3] / 1024 * ambient)) * (4 / (4 + heaterRange)) * (1 / (1 + (heaterValue * 0.002)))) - 25);
        return (byte)Math.Clamp(setting, 0, 255);
    }

    static double Correction(int range) => range switch
    {
        4 => 499_500.4995 / 500_000,
        5 => 248_262.1648 / 250_000,
        7 => 63_004.03226 / 62_500,
        8 => 31_281.28128 / 31_250,
        _ => 1,
    };

    static double Unsigned(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    static double Signed(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]);
}
