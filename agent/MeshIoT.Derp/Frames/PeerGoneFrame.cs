using System;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>Why a peer is gone.</summary>
public enum PeerGoneReason
{
    /// <summary>Its connection to this relay ended.</summary>
    Disconnected = 0,

    /// <summary>This relay does not know it.</summary>
    NotHere = 1,
}

/// <summary>A peer that this client has sent to, or was sent to by, is not at the relay.</summary>
/// <param name="Peer">Who.</param>
/// <param name="Reason">Why; the byte may be absent and may hold values of later versions.</param>
public readonly record struct PeerGoneFrame(NodePublicKey Peer, PeerGoneReason Reason)
{
    /// <summary>Bytes of the whole frame.</summary>
    public const int FrameSize = DerpFrames.HeaderSize + DerpFrames.KeySize + 1;

    /// <summary>Reads a body of at least 32 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out PeerGoneFrame frame)
    {
        bool fits = body.Length >= DerpFrames.KeySize;
        PeerGoneReason reason = body.Length > DerpFrames.KeySize ? (PeerGoneReason)body[DerpFrames.KeySize] : PeerGoneReason.Disconnected;
        frame = fits ? new(PacketFrame.KeyOf(body), reason) : default;
        return fits;
    }

    /// <summary>Writes the whole frame; the bytes written.</summary>
    public int Write(Span<byte> output)
    {
        int at = DerpFrames.WriteHeader(output, FrameType.PeerGone, DerpFrames.KeySize + 1);
        Peer.CopyTo(output[at..]);
        output[at + DerpFrames.KeySize] = (byte)Reason;
        return at + DerpFrames.KeySize + 1;
    }
}
