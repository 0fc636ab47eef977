using System;
using System.Buffers.Binary;

namespace MeshIoT.Node.Engine;

/// <summary>An inner address as a table key: IPv6, or IPv4 in its v4-mapped form. 16 bytes by value.</summary>
internal readonly record struct InnerKey(ulong High, ulong Low)
{
    const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>Whether it stands for an IPv4 address.</summary>
    public bool IsV4 => High == 0 && Low >> 32 == MappedPrefix >> 32;

    /// <summary>Reads 4 or 16 bytes.</summary>
    public static InnerKey Read(ReadOnlySpan<byte> address) => address.Length == 4
        ? new InnerKey(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(address))
        : new InnerKey(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]));

    /// <summary>The first bits of 128; the rest zero.</summary>
    public InnerKey Masked(int length) => new(
        length >= 64 ? High : length == 0 ? 0 : High & (ulong.MaxValue << (64 - length)),
        length >= 128 ? Low : length <= 64 ? 0 : Low & (ulong.MaxValue << (128 - length)));
}
