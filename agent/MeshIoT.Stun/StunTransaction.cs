using System;
using System.Buffers.Binary;

namespace MeshIoT.Stun;

/// <summary>Twelve random bytes that join a response to its request; who cannot guess them cannot answer. RFC 8489 section 5.</summary>
public readonly record struct StunTransaction(ulong High, uint Low)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 12;

    /// <summary>Reads the first twelve bytes.</summary>
    public static StunTransaction Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    /// <summary>Writes twelve bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Low);
    }
}
