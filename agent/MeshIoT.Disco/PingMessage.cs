using System;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <summary>Payload of a ping: transaction, the sender's node key, zeros to the length under test. data-plane.md section 2.2, type 1.</summary>
/// <param name="Transaction">Comes back in the pong.</param>
/// <param name="NodeKey">Who asks; zero when an old sender does not say.</param>
public readonly record struct PingMessage(TransactionId Transaction, NodePublicKey NodeKey)
{
    /// <summary>Payload bytes without padding.</summary>
    public const int Size = TransactionId.Size + 32;

    /// <summary>Reads a payload; what follows is padding and does not matter.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out PingMessage ping)
    {
        ping = default;
        if (payload.Length < TransactionId.Size)
        {
            return false;
        }

        NodePublicKey key = payload.Length < Size ? default : NodePublicKey.FromBytes(payload[TransactionId.Size..Size]);
        ping = new PingMessage(TransactionId.Read(payload), key);
        return true;
    }

    /// <summary>Writes type, version and payload; returns their length. What lies behind is the caller's to pad.</summary>
    public int Write(Span<byte> message)
    {
        message[0] = (byte)DiscoMessageType.Ping;
        message[1] = 0;
        Transaction.Write(message[DiscoDatagram.MessageHeaderSize..]);
        NodeKey.CopyTo(message[(DiscoDatagram.MessageHeaderSize + TransactionId.Size)..]);
        return DiscoDatagram.MessageHeaderSize + Size;
    }
}
