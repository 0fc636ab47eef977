using System;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>The relay's first frame: "DERP", a key (U+1F511) in UTF-8, its public key, perhaps more in later versions.</summary>
/// <param name="Key">The relay's public key: of the same kind as a node's.</param>
public readonly record struct ServerKeyFrame(NodePublicKey Key)
{
    /// <summary>Bytes of the body as version 2 writes it.</summary>
    public const int Size = 8 + DerpFrames.KeySize;

    static ReadOnlySpan<byte> Magic => [0x44, 0x45, 0x52, 0x50, 0xF0, 0x9F, 0x94, 0x91];

    /// <summary>Reads a body; false when it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ServerKeyFrame frame)
    {
        bool valid = body.Length >= Size && body.StartsWith(Magic);
        frame = valid ? new(NodePublicKey.FromBytes(body[Magic.Length..Size])) : default;
        return valid && !frame.Key.IsZero;
    }

    /// <summary>Writes the whole frame; the bytes written.</summary>
    public int Write(Span<byte> output)
    {
        int at = DerpFrames.WriteHeader(output, FrameType.ServerKey, Size);
        Magic.CopyTo(output[at..]);
        Key.CopyTo(output[(at + Magic.Length)..]);
        return at + Size;
    }
}
