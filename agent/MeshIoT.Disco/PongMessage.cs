using System;

namespace MeshIoT.Disco;

/// <summary>Payload of a pong: transaction, and where the ping was seen to come from. data-plane.md section 2.2, type 2.</summary>
public readonly ref struct PongMessage
{
    /// <summary>Payload bytes.</summary>
    public const int Size = TransactionId.Size + DiscoDatagram.EndpointSize;

    /// <summary>An answer to a ping that came from <paramref name="seenFrom18"/>.</summary>
    public PongMessage(TransactionId transaction, ReadOnlySpan<byte> seenFrom18)
    {
        Transaction = transaction;
        SeenFrom = seenFrom18[..DiscoDatagram.EndpointSize];
    }

    /// <summary>The ping's.</summary>
    public TransactionId Transaction { get; }

    /// <summary>The sender of the ping as its receiver saw it, 18 bytes.</summary>
    public ReadOnlySpan<byte> SeenFrom { get; }

    /// <summary>Reads a payload; trailing bytes do not matter.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out PongMessage pong)
    {
        bool fits = payload.Length >= Size;
        pong = fits ? new PongMessage(TransactionId.Read(payload), payload[TransactionId.Size..]) : default;
        return fits;
    }

    /// <summary>Writes type, version and payload; returns their length.</summary>
    public int Write(Span<byte> message)
    {
        message[0] = (byte)DiscoMessageType.Pong;
        message[1] = 0;
        Transaction.Write(message[DiscoDatagram.MessageHeaderSize..]);
        SeenFrom.CopyTo(message[(DiscoDatagram.MessageHeaderSize + TransactionId.Size)..]);
        return DiscoDatagram.MessageHeaderSize + Size;
    }
}
