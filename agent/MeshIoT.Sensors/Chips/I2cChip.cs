using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Device.I2c;
using System.Globalization;
using MeshIoT.Health;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips;

/// <summary>
/// A chip on an I2C bus. What a driver of your own needs stands here: a register's bytes, words with the high byte first, writes. The bus is opened at
/// the first reading.
/// </summary>
public abstract class I2cChip : ChipDevice
{
    /// <summary>Bus of the Raspberry Pi's header.</summary>
    const string UsualBus = "i2c-1";

    readonly int bus, address;
    I2cDevice? device;

    /// <param name="entry">What a person said of it: bus and address too.</param>
    /// <param name="wiring">Where its bus comes from.</param>
    /// <param name="address">The address that it has where the entry says none.</param>
    /// <param name="values">Its values.</param>
    /// <exception cref="FaultException">The entry's bus is no I2C bus.</exception>
    protected I2cChip(SensorEntry entry, IWiring wiring, int address, IReadOnlyList<ChipValue> values)
        : base(entry, wiring, values, string.Create(CultureInfo.InvariantCulture, $"i2c-{BusOf(entry)}")) =>
        (bus, this.address) = (BusOf(entry), entry.Address ?? address);

    /// <summary>The device, opened when it is asked for.</summary>
    protected I2cDevice Device => device ??= Wiring.I2c(bus, address);

    /// <summary>The number of an entry's I2C bus: <c>i2c-1</c> or <c>/dev/i2c-1</c> is 1; bus 1 where it says nothing.</summary>
    /// <exception cref="FaultException">It names no I2C bus.</exception>
    public static int BusOf(SensorEntry entry)
    {
        string text = entry.Bus.Length > 0 ? entry.Bus : UsualBus;
        ReadOnlySpan<char> name = text.StartsWith("/dev/", StringComparison.Ordinal) ? text.AsSpan(5) : text;
        return name.StartsWith("i2c-") && int.TryParse(name[4..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 255
            ? number
            : throw Faults.SettingMalformed.With("bus", text, entry.Origin, "an I2C bus such as \"i2c-1\"").ToException();
    }

    /// <summary>Reads registers from <paramref name="register"/> on.</summary>
    protected void Read(byte register, Span<byte> into) => Device.WriteRead([register], into);

    /// <summary>
    /// Reads registers twice, because nothing else guards them: a bit that flips in what is read once and kept would spoil every value after it.
    /// </summary>
    /// <exception cref="ChipException">The two differ.</exception>
    protected void ReadTwice(byte register, Span<byte> into)
    {
        Span<byte> again = stackalloc byte[into.Length];
        Read(register, into);
        Read(register, again);
        if (!into.SequenceEqual(again))
        {
            throw ChipException.Nonsense("its calibration reads differently each time");
        }
    }

    /// <summary>Reads one register.</summary>
    protected byte ReadByte(byte register)
    {
        Span<byte> one = stackalloc byte[1];
        Read(register, one);
        return one[0];
    }

    /// <summary>Reads a word whose high byte comes first.</summary>
    protected ushort ReadWord(byte register)
    {
        Span<byte> two = stackalloc byte[2];
        Read(register, two);
        return BinaryPrimitives.ReadUInt16BigEndian(two);
    }

    /// <summary>Writes bytes: most often a register and what goes into it.</summary>
    protected void Write(params ReadOnlySpan<byte> bytes) => Device.Write(bytes);

    /// <summary>Throws unless the identification register holds one of <paramref name="ids"/>.</summary>
    /// <returns>The one it holds.</returns>
    /// <exception cref="ChipException">It holds another.</exception>
    protected byte CheckId(byte register, params ReadOnlySpan<byte> ids)
    {
        byte id = ReadByte(register);
        return ids.Contains(id) ? id : throw ChipException.WrongChip(string.Create(CultureInfo.InvariantCulture,
            $"at address 0x{address:X2} its identification is 0x{id:X2} and not 0x{ids[0]:X2}"));
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        device?.Dispose();
        device = null;
    }
}
