using System;
using System.Collections.Generic;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Bosch;

/// <summary>
/// BME280 (temperature, humidity, pressure) and BMP280 (without humidity), measured once for each reading in forced mode with the data sheet's
/// settings for weather (BST-BME280-DS002 §3.5.1): the chip sleeps in between and does not warm itself.
/// </summary>
public sealed class Bme280 : I2cChip
{
    const byte ResetAt = 0xE0, IdAt = 0xD0, HumidityControlAt = 0xF2, StatusAt = 0xF3, ControlAt = 0xF4, DataAt = 0xF7, LowAt = 0x88, HighAt = 0xE1;
    const byte ResetWord = 0xB6, BmeId = 0x60, BmpId = 0x58;

    /// <summary>osrs_t 1, osrs_p 1, sleeping; mode 1 starts one measurement.</summary>
    const byte Sleeping = 0b001_001_00, Forced = Sleeping | 1;

    /// <summary>What stands in the data registers where a value was not measured, §5.4.7 and reset values.</summary>
    const int NoValue20 = 0x80000, NoValue16 = 0x8000;

    readonly bool hasHumidity;
    Bme280Calibration? calibration;

    Bme280(SensorEntry entry, IWiring wiring, bool hasHumidity)
        : base(entry, wiring, 0x76, hasHumidity
            ? [ChipValue.Temperature(-40, 85), ChipValue.Humidity, ChipValue.Pressure]
            : [ChipValue.Temperature(-40, 85), ChipValue.Pressure]) => this.hasHumidity = hasHumidity;

    /// <summary>The drivers <c>bme280</c> and <c>bmp280</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("bme280", "temperature, humidity, pressure (Bosch BME280)", static (entry, wiring) => new Bme280(entry, wiring, true))
        {
            Bus = "i2c", Addresses = [0x76, 0x77], Probe = static (device, _) => IsId(device, BmeId),
        },
        new Driver("bmp280", "temperature, pressure (Bosch BMP280)", static (entry, wiring) => new Bme280(entry, wiring, false))
        {
            Bus = "i2c", Addresses = [0x76, 0x77], Probe = static (device, _) => IsId(device, BmpId),
        },
    ];

    /// <inheritdoc/>
    protected override void Begin()
    {
        // The BMP280's first samples call themselves 0x56 and 0x57.
        ReadOnlySpan<byte> ids = hasHumidity ? [BmeId] : [BmpId, 0x57, 0x56];
        CheckId(IdAt, ids);
        Write(ResetAt, ResetWord);
        Wait(3);
        for (int i = 0; (ReadByte(StatusAt) & 1) != 0; i++)
        {
            Wait(i < 10 ? 2 : throw ChipException.Silent("it does not come out of its reset"));
        }

        Span<byte> low = stackalloc byte[Bme280Calibration.LowBytes], high = stackalloc byte[Bme280Calibration.HighBytes];
        ReadTwice(LowAt, low);
        if (hasHumidity)
        {
            ReadTwice(HighAt, high);
        }

        calibration = new Bme280Calibration(low, hasHumidity ? high : []);
        if (!calibration.IsPlausible)
        {
            throw ChipException.Nonsense("its calibration memory is empty");
        }

        SetUp();
    }

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        // A chip that lost its power has reset values here: it may even be another one, with another calibration.
        if (ReadByte(ControlAt) != Sleeping)
        {
            Begin();
        }

        Write(ControlAt, Forced);

        // 1.25 + 2.3 + 2.3 + 0.575 + 2.3 + 0.575 ms at most, §9.1.
        Wait(10);
        for (int i = 0; (ReadByte(StatusAt) & 8) != 0; i++)
        {
            Wait(i < 20 ? 2 : throw ChipException.Silent("its measurement does not end"));
        }

        Span<byte> data = stackalloc byte[hasHumidity ? 8 : 6];
        Read(DataAt, data);
        int pressure = (data[0] << 12) | (data[1] << 4) | (data[2] >> 4), temperature = (data[3] << 12) | (data[4] << 4) | (data[5] >> 4);
        if (temperature == NoValue20 || pressure == NoValue20)
        {
            throw ChipException.Nonsense("it did not measure");
        }

        double fine = calibration!.Fine(temperature);
        values[0] = Bme280Calibration.Temperature(fine);
        values[^1] = calibration.Pressure(pressure, fine);
        if (hasHumidity)
        {
            int humidity = (data[6] << 8) | data[7];
            values[1] = humidity == NoValue16 ? throw ChipException.Nonsense("it did not measure humidity") : calibration.Humidity(humidity, fine);
        }
    }

    internal static bool IsId(System.Device.I2c.I2cDevice device, byte id)
    {
        Span<byte> one = stackalloc byte[1];
        device.WriteRead([IdAt], one);
        return one[0] == id;
    }

    // The humidity setting counts from the next write of the control register on, §5.4.3.
    void SetUp()
    {
        if (hasHumidity)
        {
            Write(HumidityControlAt, 1);
        }

        Write(ControlAt, Sleeping);
    }
}
