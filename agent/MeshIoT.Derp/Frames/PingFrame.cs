using System;
using System.Buffers.Binary;

namespace MeshIoT.Derp;

/// <summary>Ping and pong: eight bytes that come back unchanged. What follows them in a ping is for later versions.</summary>
/// <param name="Payload">The eight bytes, big-endian.</param>
public readonly record struct PingFrame(ulong Payload)
{
    /// <summary>Bytes of the body.</summary>
    public const int Size = 8;

    /// <summary>Bytes of the whole frame.</summary>
    public const int FrameSize = DerpFrames.HeaderSize + Size;

    /// <summary>Reads a body of at least 8 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out PingFrame frame)
    {
        bool fits = BinaryPrimitives.TryReadUInt64BigEndian(body, out ulong payload);
        frame = new(payload);
        return fits;
    }

    /// <summary>Writes the whole frame as a ping or a pong; the bytes written.</summary>
    public int Write(Span<byte> output, FrameType type)
    {
        int at = DerpFrames.WriteHeader(output, type, Size);
        BinaryPrimitives.WriteUInt64BigEndian(output[at..], Payload);
        return at + Size;
    }
}
