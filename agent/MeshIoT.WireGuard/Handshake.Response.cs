using System;

namespace MeshIoT.WireGuard;

internal sealed partial class Handshake
{
    /// <summary>Answers the initiation that <see cref="ReadTimestamp"/> accepted, without macs, and derives the session keys.</summary>
    public DeviceFault WriteResponse(WireGuardPeer peer, uint senderIndex, uint receiverIndex, byte[] output, int offset)
    {
        PrepareEphemeral();
        LittleEndian.WriteUInt32(output, offset, (uint)MessageType.Response);
        LittleEndian.WriteUInt32(output, offset + ResponseMessage.SenderAt, senderIndex);
        LittleEndian.WriteUInt32(output, offset + ResponseMessage.ReceiverAt, receiverIndex);
        Array.Copy(ephemeralPublic, 0, output, offset + ResponseMessage.EphemeralAt, KeySize);
        work.MixEphemeral(output, offset + ResponseMessage.EphemeralAt);
        bool valid = MixShared(ephemeralPrivate, remoteEphemeral) && MixShared(ephemeralPrivate, peer.Key);
        WipeEphemeral();
        if (!valid)
        {
            WipeScratch();
            return DeviceFault.InvalidPublicKey;
        }

        work.MixKeyAndHash(peer.PresharedKey);
        work.SealAndHash(sealedNothing, 0, 0, output, offset + ResponseMessage.EmptyAt);
        work.Split(InitiatorKey, ResponderKey);
        WipeScratch();
        return DeviceFault.None;
    }

    /// <summary>Opens the response to a pending initiation on a copy of its state, and derives the session keys.</summary>
    public DeviceFault ReadResponse(PendingHandshake pending, byte[] message, int offset)
    {
        WireGuardPeer peer = pending.Peer;
        work.CopyFrom(pending.Noise);
        work.MixEphemeral(message, offset + ResponseMessage.EphemeralAt);
        Array.Copy(message, offset + ResponseMessage.EphemeralAt, remoteEphemeral, 0, KeySize);
        DeviceFault fault = DeviceFault.InvalidPublicKey;
        if (MixShared(pending.EphemeralPrivate, remoteEphemeral) && MixShared(privateKey, remoteEphemeral))
        {
            work.MixKeyAndHash(peer.PresharedKey);
            fault = DeviceFault.ForgedResponse;
            if (work.OpenAndHash(message, offset + ResponseMessage.EmptyAt, ProtocolLimits.TagSize, sealedNothing))
            {
                work.Split(InitiatorKey, ResponderKey);
                fault = DeviceFault.None;
            }
        }

        WipeScratch();
        return fault;
    }
}
