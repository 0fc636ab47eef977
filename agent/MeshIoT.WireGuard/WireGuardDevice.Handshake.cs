using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <content>Handshake messages in and out.</content>
public sealed partial class WireGuardDevice
{
    DeviceResult ReceiveInitiation(byte[] message, int offset, byte[] source, byte[] output, int outOffset)
    {
        DeviceResult admitted = Admit(message, offset, InitiationMessage.Mac1At, source, output, outOffset);
        if (admitted != DeviceResult.Done)
        {
            return admitted;
        }

        WireGuardPeer? peer = null;
        DeviceFault fault = handshake.ReadIdentity(message, offset);
        if (fault == DeviceFault.None && !IsNamed(handshake.RemoteStatic))
        {
            fault = DeviceFault.NotNamedSender;
        }

        if (fault == DeviceFault.None)
        {
            peer = peers.Find(handshake.RemoteStatic);
            if (peer == null && Directory != null)
            {
                peer = Directory.FindByKey(handshake.RemoteStatic);
            }

            fault = peer == null ? DeviceFault.UnknownPeer : handshake.ReadTimestamp(peer, message, offset, now);
        }

        if (peer == null || fault != DeviceFault.None)
        {
            handshake.WipeScratch();
            return Reject(fault);
        }

        uint remoteIndex = LittleEndian.ReadUInt32(message, offset + InitiationMessage.SenderAt);
        uint localIndex = indexes.NewIndex();
        fault = handshake.WriteResponse(peer, localIndex, remoteIndex, output, outOffset);
        if (fault != DeviceFault.None)
        {
            return Reject(fault);
        }

        peer.Cookies.AddMacs(output, outOffset, ResponseMessage.Mac1At, now);
        peer.Keypairs.InstallAsResponder(NewKeypair(peer, false, localIndex, remoteIndex));
        Authenticated(peer, source, 1, InitiationMessage.Size);
        OnResponseSent(peer);
        peer.CountSent(1, ResponseMessage.Size);
        return ReplyTo(source, MessageType.Response, ResponseMessage.Size);
    }

    DeviceResult ReceiveResponse(byte[] message, int offset, byte[] source, byte[] output, int outOffset)
    {
        DeviceResult admitted = Admit(message, offset, ResponseMessage.Mac1At, source, output, outOffset);
        if (admitted != DeviceResult.Done)
        {
            return admitted;
        }

        PendingHandshake? pending = indexes.Lookup(LittleEndian.ReadUInt32(message, offset + ResponseMessage.ReceiverAt)) as PendingHandshake;
        if (pending == null)
        {
            return Reject(DeviceFault.UnknownIndex);
        }

        if (!IsNamed(pending.Peer.Key))
        {
            return Reject(DeviceFault.NotNamedSender);
        }

        DeviceFault fault = handshake.ReadResponse(pending, message, offset);
        if (fault != DeviceFault.None)
        {
            return Reject(fault);
        }

        // The session inherits the index of the handshake.
        WireGuardPeer peer = pending.Peer;
        uint remoteIndex = LittleEndian.ReadUInt32(message, offset + ResponseMessage.SenderAt);
        ForgetPending(peer);
        peer.Keypairs.InstallAsInitiator(NewKeypair(peer, true, pending.LocalIndex, remoteIndex));
        Authenticated(peer, source, 1, ResponseMessage.Size);
        OnSessionDerived(peer);
        OnHandshakeComplete(peer);
        StageKeepalive(peer);
        return DeviceResult.Done;
    }

    DeviceResult ReceiveCookieReply(byte[] message, int offset)
    {
        IndexOwner? owner = indexes.Lookup(LittleEndian.ReadUInt32(message, offset + CookieReplyMessage.ReceiverAt));
        if (owner == null)
        {
            return Reject(DeviceFault.UnknownIndex);
        }

        if (!owner.Peer.Cookies.Consume(message, offset, cookies.Box, now))
        {
            return Reject(DeviceFault.ForgedCookie);
        }

        // The cookie serves the retransmission; answering at once would let whoever is under load be hit harder.
        Peer = owner.Peer;
        return DeviceResult.Done;
    }

    /// <summary>Writes an initiation that replaces the pending one; Rejected when the peer's key is no point to make a secret with.</summary>
    DeviceResult SendInitiation(WireGuardPeer peer, byte[] output, int outOffset)
    {
        peer.InitiationDue = false;
        ForgetPending(peer);
        if (!handshake.WriteInitiation(peer, indexes.NewIndex(), timestamps, output, outOffset))
        {
            GiveUp(peer);
            return Reject(DeviceFault.InvalidPublicKey);
        }

        indexes.Put(peer.Pending);
        peer.Cookies.AddMacs(output, outOffset, InitiationMessage.Mac1At, now);
        OnInitiationSent(peer);
        return SendTo(peer, MessageType.Initiation, InitiationMessage.Size);
    }

    Keypair NewKeypair(WireGuardPeer peer, bool isInitiator, uint localIndex, uint remoteIndex)
    {
        AeadKey byInitiator = suite.CreateAeadKey(handshake.InitiatorKey, 0);
        AeadKey byResponder = suite.CreateAeadKey(handshake.ResponderKey, 0);
        handshake.WipeSessionKeys();
        return new Keypair(peer, isInitiator ? byInitiator : byResponder, isInitiator ? byResponder : byInitiator, isInitiator, localIndex, remoteIndex, now, limits.ReplayWindowPackets);
    }
}
