using System;
using System.Collections.Generic;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Bosch;

/// <summary>
/// BME680 and BME688: temperature, humidity, pressure, and the resistance of a heated metal oxide, which falls when the air holds volatile gases
/// (BST-BME680-DS001). The resistance is given as measured: what makes an air quality index of it is the maker's closed program. Heater: 320 °C for
/// 150 ms unless the entry says otherwise.
/// </summary>
public sealed class Bme680 : I2cChip
{
    const byte StatusAt = 0x1D, IdAt = 0xD0, VariantAt = 0xF0, ResetAt = 0xE0, HeaterAt = 0x5A, GasWaitAt = 0x64, Gas0At = 0x70, Gas1At = 0x71, HumidityControlAt = 0x72, ControlAt = 0x74, FilterAt = 0x75;
    const byte ResetWord = 0xB6, ChipId = 0x61, Sleeping = 0b010_011_00, Forced = Sleeping | 1;
    const int LowAt = 0x8A, HighAt = 0xE1;

    readonly double heaterCelsius;
    readonly int heaterMs;
    Bme680Calibration? calibration;
    bool isHighVariant;
    double ambient = 25;

    Bme680(SensorEntry entry, IWiring wiring)
        : base(entry, wiring, 0x76,
            [ChipValue.Temperature(-40, 85), ChipValue.Humidity, ChipValue.Pressure, new ChipValue("gas_resistance", "gas_resistance", "Ω", 10, 1e8, 0)]) =>
        (heaterCelsius, heaterMs) = (ChipOptions.Number(entry, "heater", 320, 200, 400), (int)ChipOptions.Number(entry, "heater_ms", 150, 20, 500));

    /// <summary>The driver <c>bme680</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("bme680", "temperature, humidity, pressure, gas resistance (Bosch BME680, BME688)", static (entry, wiring) => new Bme680(entry, wiring))
        {
            Bus = "i2c", Addresses = [0x76, 0x77], Probe = static (device, _) => Bme280.IsId(device, ChipId),
            Options = new Dictionary<string, string> { ["heater"] = "°C of the hot plate from 200 to 400", ["heater_ms"] = "milliseconds from 20 to 500" },
        },
    ];

    /// <inheritdoc/>
    protected override void Begin()
    {
        CheckId(IdAt, ChipId);
        Write(ResetAt, ResetWord);
        Wait(10);
        isHighVariant = ReadByte(VariantAt) == 1;
        Span<byte> low = stackalloc byte[Bme680Calibration.LowBytes], high = stackalloc byte[Bme680Calibration.HighBytes], heater = stackalloc byte[Bme680Calibration.HeaterBytes];
        ReadTwice(LowAt, low);
        ReadTwice(HighAt, high);
        ReadTwice(0x00, heater);
        calibration = new Bme680Calibration(low, high, heater);
        if (!calibration.IsPlausible)
        {
            throw ChipException.Nonsense("its calibration memory is empty");
        }

        Write(HumidityControlAt, 0b001);
        Write(FilterAt, 0);
        Write(ControlAt, Sleeping);
        Write(Gas0At, 0);
        Write(GasWaitAt, GasWait(heaterMs));
    }

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        // Reset values: it lost its power, and may be another one.
        if (ReadByte(ControlAt) != Sleeping)
        {
            Begin();
        }

        Write(HeaterAt, calibration!.Heater(heaterCelsius, ambient));
        Write(Gas1At, (byte)(isHighVariant ? 0x20 : 0x10));
        Write(ControlAt, Forced);

        // Temperature twice, humidity once, pressure four times: 1.963 ms each, and what surrounds them; then the heater.
        Wait(heaterMs + 20);
        for (int i = 0; (ReadByte(StatusAt) & 0x80) == 0; i++)
        {
            Wait(i < 25 ? 5 : throw ChipException.Silent("its measurement does not end"));
        }

        // Pressure, temperature, humidity from 0x1F; gas at 0x2A, in the other variant at 0x2C.
        Span<byte> data = stackalloc byte[15];
        Read(0x1F, data);
        int pressure = (data[0] << 12) | (data[1] << 4) | (data[2] >> 4), temperature = (data[3] << 12) | (data[4] << 4) | (data[5] >> 4), humidity = (data[6] << 8) | data[7];
        if (temperature == 0x80000 || pressure == 0x80000 || humidity == 0x8000)
        {
            throw ChipException.Nonsense("it did not measure");
        }

        double fine = calibration.Fine(temperature), celsius = fine / 5120;
        (values[0], values[1], values[2]) = (celsius, calibration.Humidity(humidity, celsius), calibration.Pressure(pressure, fine));
        ReadOnlySpan<byte> gas = data.Slice(isHighVariant ? 13 : 11, 2);
        if ((gas[1] & 0x30) != 0x30)
        {
            throw ChipException.Nonsense("its hot plate did not get warm");
        }

        int raw = (gas[0] << 2) | (gas[1] >> 6), range = gas[1] & 0x0F;
        values[3] = isHighVariant ? Bme680Calibration.GasHigh(raw, range) : calibration.Gas(raw, range);
        ambient = Math.Clamp(celsius, -40, 85);
    }

    /// <summary>A wait as the register has it, §5.3.3.3: six bits times 1, 4, 16 or 64 ms.</summary>
    internal static byte GasWait(int milliseconds)
    {
        int factor = 0;
        while (milliseconds > 63 && factor < 3)
        {
            (milliseconds, factor) = (milliseconds / 4, factor + 1);
        }

        return (byte)((factor << 6) | Math.Min(milliseconds, 63));
    }
}
