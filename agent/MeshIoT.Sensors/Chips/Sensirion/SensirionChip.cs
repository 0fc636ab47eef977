using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Device.I2c;
using MeshIoT.Sensors.Wiring;

namespace MeshIoT.Sensors.Chips.Sensirion;

/// <summary>A chip that takes commands and answers in words, each with its checksum (Sensirion's data sheets: SHT3x §4.12, SHT4x §4.4, SCD4x §3.12, SGP40 §4.6).</summary>
/// <param name="entry">What a person said of it.</param>
/// <param name="wiring">Where its bus comes from.</param>
/// <param name="address">Its usual address.</param>
/// <param name="values">Its values.</param>
public abstract class SensirionChip(SensorEntry entry, IWiring wiring, int address, IReadOnlyList<ChipValue> values) : I2cChip(entry, wiring, address, values)
{
    /// <summary>CRC-8 of these chips: polynomial 0x31, start 0xFF, nothing reflected.</summary>
    public static byte Crc(params ReadOnlySpan<byte> bytes)
    {
        int crc = 0xFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ 0x31 : crc << 1;
            }
        }

        return (byte)crc;
    }

    /// <summary>Sends a command, waits, and reads words; throws where a checksum is wrong.</summary>
    /// <param name="command">One or two bytes, and what follows them.</param>
    /// <param name="milliseconds">How long the chip needs.</param>
    /// <param name="words">Receives them; at most 8.</param>
    /// <exception cref="ChipException">A checksum is wrong.</exception>
    protected void Ask(ReadOnlySpan<byte> command, int milliseconds, Span<ushort> words)
    {
        Write(command);
        Wait(milliseconds);
        Span<byte> answer = stackalloc byte[3 * words.Length];
        Device.Read(answer);
        if (!TryTake(answer, words))
        {
            throw ChipException.Nonsense("a checksum is wrong");
        }
    }

    /// <summary>Puts a word with its checksum into <paramref name="into"/>.</summary>
    protected static void Put(ushort word, Span<byte> into)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into, word);
        into[2] = Crc(into[..2]);
    }

    /// <summary>Whether a chip answers <paramref name="command"/> with words whose checksums are right: only one of this kind does.</summary>
    /// <param name="device">The device.</param>
    /// <param name="wiring">Waits.</param>
    /// <param name="command">A command that only reads.</param>
    /// <param name="words">How many words it answers.</param>
    protected static bool Answers(I2cDevice device, IWiring wiring, ReadOnlySpan<byte> command, int words)
    {
        Span<byte> answer = stackalloc byte[3 * words];
        device.Write(command);
        wiring.Wait(2);
        device.Read(answer);
        return TryTake(answer, stackalloc ushort[words]);
    }

    static bool TryTake(ReadOnlySpan<byte> answer, Span<ushort> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            ReadOnlySpan<byte> one = answer.Slice(3 * i, 3);
            if (Crc(one[..2]) != one[2])
            {
                return false;
            }

            words[i] = BinaryPrimitives.ReadUInt16BigEndian(one);
        }

        return true;
    }
}
