using System;
using System.Buffers.Binary;

namespace MeshIoT.Mqtt.Sparkplug;

/// <summary>Reads the wire format of Protocol Buffers field by field. What is malformed ends the reading; nothing is thrown.</summary>
/// <param name="bytes">A message.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> left = bytes;

    /// <summary>Number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>Its value where it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its bytes where it is length-delimited.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>True once something was malformed.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Goes to the next field; false at the end, and where the bytes make no sense.</summary>
    public bool Read()
    {
        if (left.IsEmpty || IsBroken || !TryVarint(out ulong tag))
        {
            return false;
        }

        Field = (int)(tag >> 3);
        Number = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0 when TryVarint(out ulong value):
                Number = value;
                return true;
            case 1 when left.Length >= 8:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(left);
                left = left[8..];
                return true;
            case 5 when left.Length >= 4:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(left);
                left = left[4..];
                return true;
            case 2 when TryVarint(out ulong length) && length <= (ulong)left.Length:
                Bytes = left[..(int)length];
                left = left[(int)length..];
                return true;
            default:
                IsBroken = true;
                return false;
        }
    }

    bool TryVarint(out ulong value)
    {
        value = 0;
        for (int i = 0; i < 10 && i < left.Length; i++)
        {
            value |= (ulong)(left[i] & 0x7F) << (7 * i);
            if ((left[i] & 0x80) == 0)
            {
                left = left[(i + 1)..];
                return true;
            }
        }

        IsBroken = true;
        return false;
    }
}
