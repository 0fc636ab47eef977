using System;

namespace MeshIoT.Coordinator;

/// <summary>
/// One frame, for one stream or for many that are to get the same bytes: whichever encoding is asked for is made once. Immutable to its users; thread-safe.
/// </summary>
/// <param name="json">What it says.</param>
/// <param name="revision">The tailnet's revision that it leads to; a stream that began with that or a later one does not need it.</param>
internal sealed class MapFrame(ReadOnlyMemory<byte> json, long revision)
{
    /// <summary>Says that the stream is alive, and nothing else.</summary>
    public static readonly MapFrame KeepAlive = new("{\"KeepAlive\":true}"u8.ToArray(), long.MaxValue);

    byte[]? plain, packed;

    public long Revision => revision;

    /// <summary>Bytes of the JSON.</summary>
    public int Size => json.Length;

    /// <summary>Length and content as they go over the wire.</summary>
    public byte[] Encoded(bool zstd)
    {
        ref byte[]? made = ref (zstd ? ref packed : ref plain);
        return made ??= FrameCodec.Encode(json.Span, zstd);
    }
}
