using System;
using System.Buffers.Binary;

namespace MeshIoT.Derp;

/// <summary>The relay is about to restart.</summary>
/// <param name="ReconnectIn">How long the client should wait before it connects again; 0 to 49 days.</param>
/// <param name="TryFor">For how long it should go on trying this relay.</param>
public readonly record struct RestartingFrame(TimeSpan ReconnectIn, TimeSpan TryFor)
{
    /// <summary>Bytes of the body: twice milliseconds, unsigned.</summary>
    public const int Size = 8;

    /// <summary>Bytes of the whole frame.</summary>
    public const int FrameSize = DerpFrames.HeaderSize + Size;

    /// <summary>Reads a body of at least 8 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out RestartingFrame frame)
    {
        bool fits = body.Length >= Size;
        frame = fits
            ? new(TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(body)), TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(body[4..])))
            : default;
        return fits;
    }

    /// <summary>Writes the whole frame; the bytes written.</summary>
    public int Write(Span<byte> output)
    {
        int at = DerpFrames.WriteHeader(output, FrameType.Restarting, Size);
        BinaryPrimitives.WriteUInt32BigEndian(output[at..], Milliseconds(ReconnectIn));
        BinaryPrimitives.WriteUInt32BigEndian(output[(at + 4)..], Milliseconds(TryFor));
        return at + Size;
    }

    static uint Milliseconds(TimeSpan time) => (uint)Math.Clamp(time.TotalMilliseconds, 0, uint.MaxValue);
}
