using System;
using System.Buffers.Binary;

namespace MeshIoT.Disco;

/// <summary>Twelve random bytes that join a pong to its ping.</summary>
public readonly record struct TransactionId(ulong High, uint Low)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 12;

    /// <summary>Reads the first twelve bytes.</summary>
    public static TransactionId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    /// <summary>Writes twelve bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Low);
    }
}
