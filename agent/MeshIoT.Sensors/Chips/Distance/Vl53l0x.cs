using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Distance;

/// <summary>
/// VL53L0X: distance by the flight time of light, up to 2 m (ST DS11555). The maker documents its registers through a program only; this driver uses the
/// few that a single measurement needs and leaves the tuning as it is in the chip's memory, so that long distances and bright surroundings may come out
/// worse than with that program.
/// </summary>
public sealed class Vl53l0x : I2cChip
{
    const byte StartAt = 0x00, SequenceAt = 0x01, InterruptAt = 0x0A, ClearAt = 0x0B, StatusAt = 0x13, ResultAt = 0x14, IdAt = 0xC0, VariableAt = 0x91;

    /// <summary>Identification registers 0xC0 and 0xC1, DS11555 §3.2.</summary>
    const byte Id = 0xEE, Id2 = 0xAA;

    /// <summary>Steps of a measurement: target check, dynamic SPAD choice, ranging before and at the end.</summary>
    const byte Sequence = 0xE8;

    /// <summary>A range status that means a good measurement; what is told where nothing came back.</summary>
    const int GoodStatus = 11, Far = 2200;

    byte variable;

    Vl53l0x(SensorEntry entry, IWiring wiring)
        : base(entry, wiring, 0x29, [new ChipValue("distance", "distance", "mm", 1, Far, 0)])
    {
    }

    /// <summary>The driver <c>vl53l0x</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("vl53l0x", "distance up to 2 m (ST VL53L0X)", static (entry, wiring) => new Vl53l0x(entry, wiring))
        {
            Bus = "i2c", Addresses = [0x29], Probe = static (device, _) =>
            {
                Span<byte> id = stackalloc byte[2];
                device.WriteRead([IdAt], id);
                return id is [Id, Id2];
            },
        },
    ];

    /// <inheritdoc/>
    protected override void Begin()
    {
        CheckId(IdAt, Id);
        if (ReadByte(IdAt + 1) is not Id2 and byte other)
        {
            throw ChipException.WrongChip(string.Create(CultureInfo.InvariantCulture, $"its second identification is 0x{other:X2} and not 0x{Id2:X2}"));
        }

        // Its bus pins for 2.8 V and more, as on every board that a 3.3 V bus reaches; then the variable that each start has to give back.
        Write(0x89, (byte)(ReadByte(0x89) | 1));
        Write(0x88, 0x00);
        Unlock();
        variable = ReadByte(VariableAt);
        Lock();

        // Its interrupt says "new measurement"; the two calibrations against temperature, each once.
        Write(InterruptAt, 0x04);
        Write(ClearAt, 0x01);
        Calibrate(0x01, 0x40);
        Calibrate(0x02, 0x00);
        Write(SequenceAt, Sequence);
    }

    /// <inheritdoc/>
    protected override void Measure(Span<double> values)
    {
        if (ReadByte(SequenceAt) != Sequence || ReadByte(InterruptAt) != 0x04)
        {
            Begin();
        }

        Unlock();
        Write(VariableAt, variable);
        Lock();
        Write(StartAt, 0x01);
        AwaitResult();
        Span<byte> result = stackalloc byte[12];
        Read(ResultAt, result);
        Write(ClearAt, 0x01);
        int status = (result[0] >> 3) & 0x0F, millimetres = BinaryPrimitives.ReadUInt16BigEndian(result[10..]);
        if (status != GoodStatus || millimetres is 0 or > Far)
        {
            throw ChipException.Empty(status == GoodStatus && millimetres == 0 ? "something touches it" : "nothing is in range");
        }

        values[0] = millimetres;
    }

    void Calibrate(byte step, byte how)
    {
        Write(SequenceAt, step);
        Write(StartAt, (byte)(0x01 | how));
        AwaitResult();
        Write(ClearAt, 0x01);
        Write(StartAt, 0x00);
    }

    void AwaitResult()
    {
        for (int i = 0; (ReadByte(StatusAt) & 0x07) == 0; i++)
        {
            Wait(i < 30 ? 5 : throw ChipException.Silent("its measurement does not end"));
        }
    }

    void Unlock()
    {
        Write(0x80, 0x01);
        Write(0xFF, 0x01);
        Write(0x00, 0x00);
    }

    void Lock()
    {
        Write(0x00, 0x01);
        Write(0xFF, 0x00);
        Write(0x80, 0x00);
    }
}
