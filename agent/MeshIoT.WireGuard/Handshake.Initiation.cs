using System;

namespace MeshIoT.WireGuard;

internal sealed partial class Handshake
{
    readonly byte[] timestamp = new byte[ProtocolLimits.TimestampSize];

    /// <summary>Who sent the initiation read last.</summary>
    public readonly byte[] RemoteStatic = new byte[KeySize];

    /// <summary>Writes an initiation without its macs and remembers it in the peer's pending handshake; false when the peer's key is invalid.</summary>
    public bool WriteInitiation(WireGuardPeer peer, uint senderIndex, TimestampSource timestamps, byte[] output, int offset)
    {
        byte[]? staticSecret = StaticSecret(peer);
        if (staticSecret == null)
        {
            return false;
        }

        PrepareEphemeral();
        LittleEndian.WriteUInt32(output, offset, (uint)MessageType.Initiation);
        LittleEndian.WriteUInt32(output, offset + InitiationMessage.SenderAt, senderIndex);
        Array.Copy(ephemeralPublic, 0, output, offset + InitiationMessage.EphemeralAt, KeySize);
        work.Start(peer.Key);
        work.MixEphemeral(output, offset + InitiationMessage.EphemeralAt);
        if (!MixShared(ephemeralPrivate, peer.Key))
        {
            WipeScratch();
            return false;
        }

        work.SealAndHash(publicKey, 0, KeySize, output, offset + InitiationMessage.StaticAt);
        work.MixKey(staticSecret);
        timestamps.Next(timestamp, 0);
        work.SealAndHash(timestamp, 0, timestamp.Length, output, offset + InitiationMessage.TimestampAt);

        PendingHandshake pending = peer.Pending;
        pending.LocalIndex = senderIndex;
        pending.Noise.CopyFrom(work);
        Array.Copy(ephemeralPrivate, 0, pending.EphemeralPrivate, 0, KeySize);
        pending.IsActive = true;
        WipeScratch();
        WipeEphemeral();
        return true;
    }

    /// <summary>Opens the sender's identity into <see cref="RemoteStatic"/>. The next step for a known peer is <see cref="ReadTimestamp"/>.</summary>
    public DeviceFault ReadIdentity(byte[] message, int offset)
    {
        work.Start(publicKey);
        work.MixEphemeral(message, offset + InitiationMessage.EphemeralAt);
        Array.Copy(message, offset + InitiationMessage.EphemeralAt, remoteEphemeral, 0, KeySize);
        if (!MixShared(privateKey, remoteEphemeral))
        {
            return DeviceFault.InvalidPublicKey;
        }

        return work.OpenAndHash(message, offset + InitiationMessage.StaticAt, InitiationMessage.SealedStaticSize, RemoteStatic)
            ? DeviceFault.None
            : DeviceFault.ForgedInitiation;
    }

    /// <summary>Opens the timestamp and accepts it when it is news; only then does the peer change.</summary>
    public DeviceFault ReadTimestamp(WireGuardPeer peer, byte[] message, int offset, long nowMs)
    {
        byte[]? staticSecret = StaticSecret(peer);
        if (staticSecret == null)
        {
            return DeviceFault.InvalidPublicKey;
        }

        work.MixKey(staticSecret);
        if (!work.OpenAndHash(message, offset + InitiationMessage.TimestampAt, InitiationMessage.SealedTimestampSize, timestamp))
        {
            return DeviceFault.ForgedInitiation;
        }

        if (!IsLater(timestamp, peer.LastTimestamp))
        {
            return DeviceFault.StaleTimestamp;
        }

        if (peer.LastInitiationMs >= 0 && nowMs - peer.LastInitiationMs < ProtocolLimits.HandshakeInitiationRateMs)
        {
            return DeviceFault.InitiationFlood;
        }

        Array.Copy(timestamp, 0, peer.LastTimestamp, 0, timestamp.Length);
        peer.LastInitiationMs = nowMs;
        return DeviceFault.None;
    }

    static bool IsLater(byte[] label, byte[] than)
    {
        for (int i = 0; i < label.Length; i++)
        {
            if (label[i] != than[i])
            {
                return label[i] > than[i];
            }
        }

        return false;
    }
}
