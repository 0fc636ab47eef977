using System;
using System.Collections.Generic;
using MeshIoT.Sensors.Chips.Sensirion;
using MeshIoT.Sensors.Tests.Bus;

namespace MeshIoT.Sensors.Tests.Chips;

/// <summary>A healthy chip of each driver, as its data sheet describes it; some hold the data sheet's own example.</summary>
internal static class FakeChips
{
    /// <summary>By driver: the address and a fresh chip.</summary>
    public static IReadOnlyDictionary<string, (int Address, Func<FakeChip> Make)> All { get; } = new Dictionary<string, (int, Func<FakeChip>)>
    {
        ["bme280"] = (0x76, () => Bme280(0x60)),
        ["bmp280"] = (0x76, () => Bme280(0x58)),
        ["bme680"] = (0x76, () => Bme680()),
        ["sht3x"] = (0x44, Sht3x),
        ["sht4x"] = (0x44, Sht4x),
        ["scd4x"] = (0x62, Scd4x),
        ["sgp40"] = (0x59, () => Sgp40()),
        ["ads1115"] = (0x48, () => Ads1115(channel => 0x1000 * (channel + 1))),
        ["ina219"] = (0x40, () => Ina219(0x07D0, 0x5D98)),
        ["tcs3472"] = (0x29, () => Tcs3472(2)),
        ["vl53l0x"] = (0x29, () => Vl53l0x(() => (11, 1234))),
    };

    /// <summary>
    /// Calibration and raw values of the example in BST-BMP280-DS001 §3.12: 25.08 °C, 100 653 Pa. Humidity coefficients are typical ones.
    /// It measures when the control register's mode is set, and is busy meanwhile.
    /// </summary>
    public static RegisterChip Bme280(byte id)
    {
        RegisterChip chip = new(
            (0x88, Words(27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000)),
            (0xA1, [75]), (0xD0, [id]), (0xE1, [0x6A, 0x01, 0x00, 0x13, 0x29, 0x03, 0x1E]),
            (0xF7, [0x80, 0, 0, 0x80, 0, 0, 0x80, 0]));
        chip.Written = (at, value) =>
        {
            if (at == 0xE0 && value == 0xB6)
            {
                chip.PowerCycle();
            }
            else if (at == 0xF4 && (value & 3) == 1)
            {
                chip.Registers[0xF4] &= 0xFC;
                Put20(chip.Registers, 0xF7, 415148);
                Put20(chip.Registers, 0xFA, 519888);
                (chip.Registers[0xFD], chip.Registers[0xFE]) = (0x72, 0x00);
            }
        };
        return chip;
    }

    /// <summary>A BME680 with plausible coefficients; with <paramref name="variant"/> 1 a BME688.</summary>
    public static RegisterChip Bme680(byte variant = 0)
    {
        byte[] low = new byte[23], high = new byte[14];
        Words(26370).CopyTo(low, 0);
        low[2] = 3;
        Words(35853, -10282).CopyTo(low, 4);
        low[8] = 88;
        Words(7141, -102).CopyTo(low, 10);
        (low[14], low[15]) = (51, 30);
        Words(-1, -2830).CopyTo(low, 18);
        low[22] = 30;
        (high[0], high[1], high[2], high[4], high[5], high[6], high[7]) = (0x3F, 0xC9, 0x30, 45, 20, 120, unchecked((byte)-100));
        Words(26125).CopyTo(high, 8);
        Words(-6880).CopyTo(high, 10);
        (high[12], high[13]) = (unchecked((byte)-30), 18);
        RegisterChip chip = new((0x00, [48, 0, 0x16, 0, 0x00]), (0x8A, low), (0xD0, [0x61]), (0xE1, high), (0xF0, [variant]));
        chip.Written = (at, value) =>
        {
            if (at == 0xE0 && value == 0xB6)
            {
                chip.PowerCycle();
            }
            else if (at == 0x74 && (value & 3) == 1)
            {
                chip.Registers[0x74] &= 0xFC;
                chip.Registers[0x1D] = 0x80;
                Put20(chip.Registers, 0x1F, 348000);
                Put20(chip.Registers, 0x22, 493000);
                (chip.Registers[0x25], chip.Registers[0x26]) = (0x52, 0x10);
                bool isGas = (chip.Registers[0x71] & (variant == 1 ? 0x20 : 0x10)) != 0 && chip.Registers[0x5A] > 0 && chip.Registers[0x64] > 0;
                int gasAt = variant == 1 ? 0x2C : 0x2A;
                (chip.Registers[gasAt], chip.Registers[gasAt + 1]) = (0x90, (byte)(isGas ? 0xB6 : 0x06));
            }
        };
        return chip;
    }

    /// <summary>25 °C and 50 %: word 0x6666 is 25.00 °C (SHT3x §4.13), 0x8000 is 50 %.</summary>
    public static CommandChip Sht3x() => new(command => Join(command) switch
    {
        0x2400 => (WithCrc(0x6666, 0x8000), 15),
        0xF32D => (WithCrc(0x8010), 1),
        _ => null,
    });

    /// <summary>25 °C and 56.5 %: -6 + 125 × 0x8000 / 65535.</summary>
    public static CommandChip Sht4x() => new(command => Join(command) switch
    {
        0xFD => (WithCrc(0x6666, 0x8000), 9),
        0x89 => (WithCrc(0x0F4A, 0x3C12), 1),
        _ => null,
    });

    /// <summary>500 ppm, 25 °C, 37 %: the example of SCD4x §3.6.2. It measures every 5 s once it is started, and needs half a second to stop.</summary>
    public static CommandChip Scd4x()
    {
        bool isStarted = false;
        CommandChip chip = new(command => Join(command) switch
        {
            0x3F86 => Start(false),
            0x21B1 => Start(true),
            0x3682 => isStarted ? null : (WithCrc(0xF896, 0x9F07, 0x3BBE), 1),
            0x2427 => isStarted ? null : ([], 1),
            0xE4B8 => (WithCrc(isStarted ? 0x8006 : 0x8000), 1),
            0xEC05 => isStarted ? (WithCrc(0x01F4, 0x6667, 0x5EB9), 1) : null,
            _ => null,
        });
        chip.Reset = () => isStarted = false;
        return chip;

        (byte[], int)? Start(bool now)
        {
            isStarted = now;
            return ([], 1);
        }
    }

    /// <summary>A raw signal of 0x7530; what it was told of humidity and temperature goes to <paramref name="told"/>.</summary>
    public static CommandChip Sgp40(Action<byte[]>? told = null) => new(command =>
    {
        switch (Join(command))
        {
            case 0x280E:
                return (WithCrc(0xD400), 320);
            case 0x3682:
                return (WithCrc(0x0000, 0x0123, 0x4567), 1);
            case 0x260F:
                told?.Invoke(command);
                return (WithCrc(0x7530), 30);
            default:
                return null;
        }
    });

    /// <summary>Registers of two bytes: names count in words.</summary>
    public static RegisterChip Ads1115(Func<int, int> raw)
    {
        RegisterChip chip = new((2, [0x85, 0x83, 0x80, 0x00, 0x7F, 0xFF])) { Name = static name => (byte)(2 * (name & 3)) };
        chip.Written = (at, _) =>
        {
            if (at == 3 && (chip.Registers[2] & 0x80) != 0)
            {
                int value = raw(((chip.Registers[2] >> 4) & 7) - 4);
                (chip.Registers[0], chip.Registers[1]) = ((byte)(value >> 8), (byte)value);
            }
        };
        return chip;
    }

    public static RegisterChip Ina219(int shunt, int bus) =>
        new((0, [0x39, 0x9F, (byte)(shunt >> 8), (byte)shunt, (byte)(bus >> 8), (byte)bus])) { Name = static name => (byte)(2 * (name % 6)) };

    /// <summary>A TCS34725 in light of so many clear counts a millisecond at gain 1; of the colours of the design note's example.</summary>
    public static RegisterChip Tcs3472(double light)
    {
        RegisterChip chip = new((0x12, [0x44])) { Name = static name => (byte)(name & 0x1F) };
        chip.Written = (at, value) =>
        {
            if (at == 0 && (value & 3) == 3)
            {
                int cycles = 256 - chip.Registers[1];
                double clear = light * cycles * 2.4 * new[] { 1, 4, 16, 60 }[chip.Registers[0x0F] & 3];
                double most = Math.Min(65535, cycles * 1024);
                int Count(double share) => (int)Math.Min(most, clear * share);
                Words(Count(1), Count(0.4), Count(0.5), Count(0.3)).CopyTo(chip.Registers, 0x14);
                chip.Registers[0x13] = 1;
            }
        };
        return chip;
    }

    /// <summary>Measures as soon as it is started; gives range status and millimetres.</summary>
    public static RegisterChip Vl53l0x(Func<(int Status, int Millimetres)> measure)
    {
        RegisterChip chip = new((0x01, [0xFF]), (0x91, [0x3C]), (0xC0, [0xEE, 0xAA, 0x10]));
        chip.Written = (at, value) =>
        {
            if (at == 0x00 && (value & 1) != 0 && chip.Registers[0x80] == 0)
            {
                (int status, int millimetres) = measure();
                chip.Registers[0x13] = 0x04;
                (chip.Registers[0x14], chip.Registers[0x1E], chip.Registers[0x1F]) = ((byte)(status << 3), (byte)(millimetres >> 8), (byte)millimetres);
            }
            else if (at == 0x0B)
            {
                chip.Registers[0x13] = 0;
            }
        };
        return chip;
    }

    /// <summary>Half of full scale on every channel.</summary>
    public static byte[] Mcp3008(byte[] sent) => sent is [0x01, >= 0x80, 0x00] ? [0xFF, 0xFA, 0x00] : [0xFF, 0xFF, 0xFF];

    /// <summary>Words with the low byte first.</summary>
    public static byte[] Words(params int[] words)
    {
        byte[] bytes = new byte[2 * words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            (bytes[2 * i], bytes[(2 * i) + 1]) = ((byte)words[i], (byte)(words[i] >> 8));
        }

        return bytes;
    }

    /// <summary>Words with the high byte first, each with its checksum.</summary>
    public static byte[] WithCrc(params int[] words)
    {
        byte[] bytes = new byte[3 * words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            (bytes[3 * i], bytes[(3 * i) + 1]) = ((byte)(words[i] >> 8), (byte)words[i]);
            bytes[(3 * i) + 2] = SensirionChip.Crc(bytes[3 * i], bytes[(3 * i) + 1]);
        }

        return bytes;
    }

    public static int Join(byte[] command) => command.Length == 1 ? command[0] : command.Length >= 2 ? (command[0] << 8) | command[1] : -1;

    static void Put20(byte[] registers, int at, int value) =>
        (registers[at], registers[at + 1], registers[at + 2]) = ((byte)(value >> 12), (byte)(value >> 4), (byte)(value << 4));
}
