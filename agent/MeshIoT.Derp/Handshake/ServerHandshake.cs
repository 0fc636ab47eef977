using System;
using MeshIoT.Crypto;

namespace MeshIoT.Derp;

/// <summary>
/// The relay's part: its key goes out, the client's info comes in and proves the client's key, the relay's info goes out.
/// Takes bytes, gives bytes.
/// </summary>
public sealed class ServerHandshake(CryptoSuite suite, RandomSource random, NodePrivateKey key) : IDisposable
{
    InfoBox? box;

    /// <summary>The client's key: proved once <see cref="ReceiveClientInfo"/> has returned None.</summary>
    public NodePublicKey ClientKey { get; private set; }

    /// <summary>What the client told of itself.</summary>
    public ClientInfo? Client { get; private set; }

    /// <summary>The relay's key as a whole frame of <see cref="ServerKeyFrame.Size"/> + 5 bytes.</summary>
    public byte[] WriteServerKey()
    {
        byte[] frame = new byte[DerpFrames.HeaderSize + ServerKeyFrame.Size];
        new ServerKeyFrame(key.PublicKey).Write(frame);
        return frame;
    }

    /// <summary>Takes the client's info; one X25519 and one box at the most.</summary>
    public HandshakeFault ReceiveClientInfo(ReadOnlySpan<byte> body)
    {
        if (box is not null)
        {
            return HandshakeFault.OutOfOrder;
        }

        if (body.Length < DerpFrames.KeySize + InfoBox.Overhead)
        {
            return HandshakeFault.Malformed;
        }

        NodePublicKey client = PacketFrame.KeyOf(body);
        InfoBox? candidate = InfoBox.TryCreate(suite, key, client);
        if (candidate is null)
        {
            return HandshakeFault.BadKey;
        }

        HandshakeFault fault = candidate.TryOpen(body[DerpFrames.KeySize..], InfoJson.Default.ClientInfo, out ClientInfo? info);
        if (fault != HandshakeFault.None)
        {
            candidate.Dispose();
            return fault;
        }

        (box, ClientKey, Client) = (candidate, client, info);
        return HandshakeFault.None;
    }

    /// <summary>The relay's info as a whole frame. Throws before the client has proved its key.</summary>
    public byte[] WriteServerInfo(ServerInfo info)
    {
        byte[] sealedInfo = (box ?? throw new InvalidOperationException("no client has proved its key")).Seal(random, info, InfoJson.Default.ServerInfo);
        byte[] frame = new byte[DerpFrames.HeaderSize + sealedInfo.Length];
        int at = DerpFrames.WriteHeader(frame, FrameType.ServerInfo, sealedInfo.Length);
        sealedInfo.CopyTo(frame, at);
        return frame;
    }

    /// <summary>Wipes the shared key.</summary>
    public void Dispose() => box?.Dispose();
}
