using System;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>
/// The client's part: the relay's key comes in (by frame, or before by its extra certificate), our info goes out, the relay's info comes
/// in. Packets may be sent before that last step. Takes bytes, gives bytes.
/// </summary>
public sealed class ClientHandshake(CryptoSuite suite, RandomSource random, NodePrivateKey key) : IDisposable
{
    InfoBox? box;

    /// <summary>The relay's key, once it is known.</summary>
    public NodePublicKey ServerKey { get; private set; }

    /// <summary>What the relay told of itself, once it did: then the connection stands.</summary>
    public ServerInfo? Server { get; private set; }

    /// <summary>Takes the relay's key. A second one, as a fast start brings, is taken for the first one's repetition and ignored.</summary>
    public HandshakeFault ReceiveServerKey(ReadOnlySpan<byte> body)
    {
        if (!ServerKeyFrame.TryRead(body, out ServerKeyFrame frame))
        {
            return HandshakeFault.Malformed;
        }

        return box is not null ? HandshakeFault.None : Start(frame.Key);
    }

    /// <summary>Takes the relay's key from elsewhere: its extra certificate.</summary>
    public HandshakeFault Start(NodePublicKey serverKey)
    {
        if (box is not null)
        {
            return HandshakeFault.OutOfOrder;
        }

        box = InfoBox.TryCreate(suite, key, serverKey);
        ServerKey = serverKey;
        return box is null ? HandshakeFault.BadKey : HandshakeFault.None;
    }

    /// <summary>Our info as a whole frame. Throws before the relay's key is known.</summary>
    public byte[] WriteClientInfo(ClientInfo info)
    {
        byte[] sealedInfo = (box ?? throw new InvalidOperationException("the relay's key is not known yet")).Seal(random, info, InfoJson.Default.ClientInfo);
        int length = DerpFrames.KeySize + sealedInfo.Length;
        byte[] frame = new byte[DerpFrames.HeaderSize + length];
        int at = DerpFrames.WriteHeader(frame, FrameType.ClientInfo, length);
        key.PublicKey.CopyTo(frame.AsSpan(at));
        sealedInfo.CopyTo(frame, at + DerpFrames.KeySize);
        return frame;
    }

    /// <summary>Takes the relay's info.</summary>
    public HandshakeFault ReceiveServerInfo(ReadOnlySpan<byte> body)
    {
        if (box is null)
        {
            return HandshakeFault.OutOfOrder;
        }

        HandshakeFault fault = box.TryOpen(body, InfoJson.Default.ServerInfo, out ServerInfo? server);
        Server = server ?? Server;
        return fault;
    }

    /// <summary>Wipes the shared key.</summary>
    public void Dispose() => box?.Dispose();
}
