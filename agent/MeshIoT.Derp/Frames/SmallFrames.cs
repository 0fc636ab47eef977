using System;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>Frames whose body is nothing, a byte, a key or a text. Each writes the whole frame and returns the bytes written.</summary>
public static class SmallFrames
{
    /// <summary>Bytes of a NotePreferred frame.</summary>
    public const int NotePreferredSize = DerpFrames.HeaderSize + 1;

    /// <summary>A frame without a body: KeepAlive, WatchConns.</summary>
    public static int WriteEmpty(Span<byte> output, FrameType type) => DerpFrames.WriteHeader(output, type, 0);

    /// <summary>Whether the relay is the client's home.</summary>
    public static int WriteNotePreferred(Span<byte> output, bool preferred)
    {
        int at = DerpFrames.WriteHeader(output, FrameType.NotePreferred, 1);
        output[at] = preferred ? (byte)1 : (byte)0;
        return at + 1;
    }

    /// <summary>Reads NotePreferred's one byte: 0 is no, everything else is yes.</summary>
    public static bool TryReadNotePreferred(ReadOnlySpan<byte> body, out bool preferred)
    {
        preferred = body.Length == 1 && body[0] != 0;
        return body.Length == 1;
    }

    /// <summary>Asks another relay of the region to close a client's connection.</summary>
    public static int WriteClosePeer(Span<byte> output, NodePublicKey peer)
    {
        int at = DerpFrames.WriteHeader(output, FrameType.ClosePeer, DerpFrames.KeySize);
        peer.CopyTo(output[at..]);
        return at + DerpFrames.KeySize;
    }

    /// <summary>What is wrong with the connection, UTF-8; empty for nothing any more.</summary>
    public static int WriteHealth(Span<byte> output, ReadOnlySpan<byte> text)
    {
        int at = DerpFrames.WriteHeader(output, FrameType.Health, text.Length);
        text.CopyTo(output[at..]);
        return at + text.Length;
    }
}
