using System;
using System.Buffers.Binary;

namespace MeshIoT.Sensors.Chips.Bosch;

/// <summary>
/// The factory's coefficients of one BME280 or BMP280, and the polynomials that turn raw counts into values. BST-BME280-DS002 §4.2.2 (where they lie)
/// and §8.1 (the polynomials in floating point); the BMP280's are the same without humidity (BST-BMP280-DS001 §3.11, §8.1).
/// </summary>
internal sealed class Bme280Calibration
{
    /// <summary>Bytes from register 0x88 on; H1 lies at 0xA1.</summary>
    public const int LowBytes = 26;

    /// <summary>Bytes from register 0xE1 on.</summary>
    public const int HighBytes = 7;

    /// <summary>Pressure coefficients P1 to P9, T1 to T3 and H1 to H6 by their numbers in the data sheet.</summary>
    readonly double[] t = new double[4], p = new double[10], h = new double[7];

    /// <param name="low">Registers 0x88 to 0xA1.</param>
    /// <param name="high">Registers 0xE1 to 0xE7; empty for a chip that measures no humidity.</param>
    public Bme280Calibration(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high)
    {
        // T1 and P1 have no sign, the others have one; all low byte first.
        t[1] = BinaryPrimitives.ReadUInt16LittleEndian(low);
        p[1] = BinaryPrimitives.ReadUInt16LittleEndian(low[6..]);
        for (int i = 2; i <= 9; i++)
        {
            if (i <= 3)
            {
                t[i] = BinaryPrimitives.ReadInt16LittleEndian(low[(2 * (i - 1))..]);
            }

            p[i] = BinaryPrimitives.ReadInt16LittleEndian(low[(6 + (2 * (i - 1)))..]);
        }

        if (high.Length >= HighBytes)
        {
            h[1] = low[25];
            h[2] = BinaryPrimitives.ReadInt16LittleEndian(high);
            h[3] = high[2];

            // Two signed numbers of 12 bits share the byte 0xE5.
            h[4] = ((sbyte)high[3] * 16) + (high[4] & 0x0F);
            h[5] = ((sbyte)high[5] * 16) + (high[4] >> 4);
            h[6] = (sbyte)high[6];
        }
    }

    /// <summary>False for what an empty or absent memory gives.</summary>
    public bool IsPlausible => t[1] is > 0 and < 65535 && p[1] is > 0 and < 65535;

    /// <summary>Fine temperature (5120 a degree), which the other two values need.</summary>
    public double Fine(int raw)
    {
        double linear = (raw / 16384.0) - (t[1] / 1024), square = (raw / 131072.0) - (t[1] / 8192);
        return (linear * t[2]) + (square * square * t[3]);
    }

    /// <summary>Temperature, °C.</summary>
    public static double Temperature(double fine) => fine / 5120;

    /// <summary>Pressure, hPa; NaN where the coefficients allow none.</summary>
    public double Pressure(int raw, double fine)
    {
        double x = (fine / 2) - 64000;
        double offset = (((x * x * p[6] / 32768) + (x * p[5] * 2)) / 4) + (p[4] * 65536);
        double sensitivity = (1 + (((p[3] * x * x / 524288) + (p[2] * x)) / 524288 / 32768)) * p[1];
        double pascal = (1048576.0 - raw - (offset / 4096)) * 6250 / sensitivity;
        pascal += ((p[9] * pascal * pascal / 2147483648.0) + (pascal * p[8] / 32768) + p[7]) / 16;
        return double.IsFinite(pascal) ? pascal / 100 : double.NaN;
    }

    /// <summary>Relative humidity, %, held within 0 to 100 as the data sheet does.</summary>
    public double Humidity(int raw, double fine)
    {
        double x = fine - 76800;
        double counts = raw - ((h[4] * 64) + (h[5] / 16384 * x));
        double slope = h[2] / 65536 * (1 + (h[6] / 67108864 * x * (1 + (h[3] / 67108864 * x))));
        double humidity = counts * slope;
        return Math.Clamp(humidity * (1 - (h[1] * humidity / 524288)), 0, 100);
    }
}
