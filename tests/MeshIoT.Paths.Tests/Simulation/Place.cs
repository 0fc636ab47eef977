using System;
using System.Buffers.Binary;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>An IPv4 address and port.</summary>
readonly record struct Place(uint Address, ushort Port)
{
    public static Place Of(string text)
    {
        System.Net.IPEndPoint parsed = System.Net.IPEndPoint.Parse(text);
        return new Place(BinaryPrimitives.ReadUInt32BigEndian(parsed.Address.GetAddressBytes()), (ushort)parsed.Port);
    }

    public static uint Ip(string text) => Of(text + ":0").Address;

    public static Place Read(ReadOnlySpan<byte> endpoint18) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(endpoint18[12..]), BinaryPrimitives.ReadUInt16BigEndian(endpoint18[16..]));

    public void Write(Span<byte> endpoint18)
    {
        endpoint18[..10].Clear();
        endpoint18[10] = endpoint18[11] = 0xff;
        BinaryPrimitives.WriteUInt32BigEndian(endpoint18[12..], Address);
        BinaryPrimitives.WriteUInt16BigEndian(endpoint18[16..], Port);
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[18];
        Write(bytes);
        return bytes;
    }

    public override string ToString() => $"{Address >> 24}.{(Address >> 16) & 255}.{(Address >> 8) & 255}.{Address & 255}:{Port}";
}
