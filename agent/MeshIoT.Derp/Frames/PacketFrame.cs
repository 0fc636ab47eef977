using System;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>
/// SendPacket and RecvPacket: a key, then the packet. The key is the receiver's on the way to the relay and the sender's on the way
/// from it. Between relays two keys, sender first (ForwardPacket).
/// </summary>
public static class PacketFrame
{
    /// <summary>Writes header and key of a frame whose packet of <paramref name="packetLength"/> bytes follows; the bytes written.</summary>
    public static int WriteHeader(Span<byte> output, FrameType type, NodePublicKey key, int packetLength)
    {
        int at = DerpFrames.WriteHeader(output, type, DerpFrames.KeySize + packetLength);
        key.CopyTo(output[at..]);
        return at + DerpFrames.KeySize;
    }

    /// <summary>Writes the whole frame; the bytes written.</summary>
    public static int Write(Span<byte> output, FrameType type, NodePublicKey key, ReadOnlySpan<byte> packet)
    {
        int at = WriteHeader(output, type, key, packet.Length);
        packet.CopyTo(output[at..]);
        return at + packet.Length;
    }

    /// <summary>Writes header and keys of a forwarded packet that follows; the bytes written.</summary>
    public static int WriteForwardHeader(Span<byte> output, NodePublicKey sender, NodePublicKey receiver, int packetLength)
    {
        int at = DerpFrames.WriteHeader(output, FrameType.ForwardPacket, DerpFrames.KeySize + DerpFrames.KeySize + packetLength);
        sender.CopyTo(output[at..]);
        receiver.CopyTo(output[(at + DerpFrames.KeySize)..]);
        return at + DerpFrames.KeySize + DerpFrames.KeySize;
    }

    /// <summary>The key at the start of a body that <see cref="FrameReader"/> handed out.</summary>
    public static NodePublicKey KeyOf(ReadOnlySpan<byte> body) => NodePublicKey.FromBytes(body[..DerpFrames.KeySize]);
}
