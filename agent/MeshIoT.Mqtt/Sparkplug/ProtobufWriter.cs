using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MeshIoT.Mqtt.Sparkplug;

/// <summary>Writes the wire format of Protocol Buffers: varints, 64-bit and 32-bit values, length-delimited fields. Nested messages are written by themselves first.</summary>
internal sealed class ProtobufWriter
{
    const int Varint = 0, Fixed64 = 1, Delimited = 2;

    readonly ArrayBufferWriter<byte> into = new(64);

    public ReadOnlySpan<byte> Written => into.WrittenSpan;

    public byte[] ToArray() => into.WrittenSpan.ToArray();

    public void UInt64(int field, ulong value)
    {
        Tag(field, Varint);
        Raw(value);
    }

    public void Bool(int field, bool value) => UInt64(field, value ? 1UL : 0);

    public void Double(int field, double value)
    {
        Tag(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(into.GetSpan(8), value);
        into.Advance(8);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Message(int field, ProtobufWriter message) => Bytes(field, message.Written);

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Delimited);
        Raw((ulong)value.Length);
        into.Write(value);
    }

    void Tag(int field, int type) => Raw(((ulong)field << 3) | (uint)type);

    void Raw(ulong value)
    {
        Span<byte> span = into.GetSpan(10);
        int count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[count++] = (byte)value;
        into.Advance(count);
    }
}
