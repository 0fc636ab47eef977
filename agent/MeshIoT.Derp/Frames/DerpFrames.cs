using System;
using System.Buffers.Binary;

namespace MeshIoT.Derp;

/// <summary>Sizes and limits of frames: one byte of type, four of length (big-endian), the body. data-plane.md section 4.2.</summary>
public static class DerpFrames
{
    /// <summary>Bytes before a body.</summary>
    public const int HeaderSize = 5;

    /// <summary>Bytes of a public key.</summary>
    public const int KeySize = 32;

    /// <summary>The longest packet that a relay passes on.</summary>
    public const int LargestPacket = 65_536;

    /// <summary>A longer frame of whatever type ends the connection.</summary>
    public const int LargestFrame = 1 << 20;

    /// <summary>The longest frame that is handed out, header included; a read buffer holds it. Forwarding between relays needs 32 bytes more.</summary>
    public const int LargestHandled = HeaderSize + KeySize + KeySize + LargestPacket;

    /// <summary>Bytes of a packet frame before the packet: header and one key.</summary>
    public const int PacketHeaderSize = HeaderSize + KeySize;

    /// <summary>The protocol's version, in both infos.</summary>
    public const int ProtocolVersion = 2;

    const int LongestServerKey = 1024, LongestInfo = 16 * 1024, LongestText = 4096, LongestPing = 1000;
    const int ShortestClientInfo = KeySize + InfoBox.Overhead, ShortestServerInfo = InfoBox.Overhead;

    /// <summary>Which body lengths of a type the side takes; false for a type that means nothing to it.</summary>
    public static bool TryGetLimits(DerpRole role, FrameType type, out int shortest, out int longest)
    {
        (shortest, longest) = role == DerpRole.Client ? OfClient(type) : OfServer(type);
        return longest >= 0;
    }

    /// <summary>Writes a frame's header; the bytes written.</summary>
    public static int WriteHeader(Span<byte> output, FrameType type, int bodyLength)
    {
        output[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(output[1..], bodyLength);
        return HeaderSize;
    }

    // A server key may grow: what follows the 40 bytes is for later versions. So may most of what a relay tells.
    static (int Shortest, int Longest) OfClient(FrameType type) => type switch
    {
        FrameType.ServerKey => (ServerKeyFrame.Size, LongestServerKey),
        FrameType.ServerInfo => (ShortestServerInfo, LongestInfo),
        FrameType.RecvPacket => (KeySize, KeySize + LargestPacket),
        FrameType.KeepAlive => (0, LongestText),
        FrameType.PeerGone => (KeySize, LongestText),
        FrameType.PeerPresent => (KeySize, LongestText),
        FrameType.Ping or FrameType.Pong => (PingFrame.Size, LongestPing),
        FrameType.Health => (0, LongestText),
        FrameType.Restarting => (RestartingFrame.Size, LongestText),
        _ => (0, -1),
    };

    static (int Shortest, int Longest) OfServer(FrameType type) => type switch
    {
        FrameType.ClientInfo => (ShortestClientInfo, LongestInfo),
        FrameType.SendPacket => (KeySize, KeySize + LargestPacket),
        FrameType.NotePreferred => (1, 1),
        FrameType.ForwardPacket => (KeySize + KeySize, KeySize + KeySize + LargestPacket),
        FrameType.WatchConns => (0, LongestText),
        FrameType.ClosePeer => (KeySize, KeySize),
        FrameType.Ping or FrameType.Pong => (PingFrame.Size, LongestPing),
        _ => (0, -1),
    };
}
