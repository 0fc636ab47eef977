using System;

namespace MeshIoT.WireGuard;

/// <content>Data in and out.</content>
public sealed partial class WireGuardDevice
{
    DeviceResult ReceiveTransport(byte[] datagram, int offset, int length, byte[] source, byte[] output, int outOffset)
    {
        Keypair? keypair = indexes.Lookup(LittleEndian.ReadUInt32(datagram, offset + TransportMessage.ReceiverAt)) as Keypair;
        if (keypair == null)
        {
            return Reject(DeviceFault.UnknownIndex);
        }

        if (!IsNamed(keypair.Peer.Key))
        {
            return Reject(DeviceFault.NotNamedSender);
        }

        if (!keypair.CanReceive(now))
        {
            return Reject(DeviceFault.ExpiredSession);
        }

        ulong counter = LittleEndian.ReadUInt64(datagram, offset + TransportMessage.CounterAt);
        if (counter >= ProtocolLimits.RejectAfterMessages)
        {
            return Reject(DeviceFault.CounterExhausted);
        }

        if (!keypair.Open(counter, datagram, offset + TransportMessage.ContentAt, length - TransportMessage.ContentAt, output, outOffset))
        {
            return Reject(DeviceFault.ForgedData);
        }

        if (!keypair.Replay.Accept(counter))
        {
            return Reject(DeviceFault.ReplayedData);
        }

        WireGuardPeer peer = keypair.Peer;
        Authenticated(peer, source, 1, length);
        if (peer.Keypairs.Confirm(keypair))
        {
            OnHandshakeComplete(peer);
            peer.FlushDue = peer.HasStaged;
        }

        KeepFreshAfterReceiving(peer);
        int plain = length - TransportMessage.MinSize;
        if (plain == 0)
        {
            return DeviceResult.Done;
        }

        OnDataReceived(peer);
        return Deliver(peer, output, outOffset, plain);
    }

    /// <summary>The opened packet, if it is one and its source address is the sender's to use.</summary>
    DeviceResult Deliver(WireGuardPeer peer, byte[] packet, int offset, int length)
    {
        int version = InnerPacket.Version(packet, offset, length);
        int trimmed = version == 0 ? -1 : InnerPacket.TrimmedLength(packet, offset, length, version);
        if (trimmed < 0)
        {
            return Reject(DeviceFault.MalformedInner);
        }

        int source = offset + InnerPacket.SourceAt(version);
        bool isAllowed = Directory == null ? AllowedIPs.Lookup(packet, source, version == 6) == peer : Directory.IsSourceOf(peer, packet, source, version == 6);
        if (!isAllowed)
        {
            return Reject(DeviceFault.SourceNotAllowed);
        }

        Written = trimmed;
        return DeviceResult.DeliverToHost;
    }

    /// <summary>
    /// Takes one IP packet of the host; the output has room for length + 64 bytes and may overlap the packet, which
    /// saves a copy when the packet lies 16 bytes after outOffset. Without a session the packet waits and Done comes back: Poll then yields the initiation, and the
    /// packet once the session is up.
    /// </summary>
    public DeviceResult Send(byte[] packet, int offset, int length, long nowMs, byte[] output, int outOffset)
    {
        Bounds.Check(packet, offset, length);
        Bounds.Check(output, outOffset, length + 64);
        Begin(nowMs);
        if (isClosed)
        {
            return Reject(DeviceFault.Closed);
        }

        int version = length > MaxPacket ? 0 : InnerPacket.Version(packet, offset, length);
        if (version == 0)
        {
            return Reject(DeviceFault.MalformedHostPacket);
        }

        int destination = offset + InnerPacket.DestinationAt(version);
        WireGuardPeer? peer = Directory == null ? AllowedIPs.Lookup(packet, destination, version == 6) : Directory.FindByDestination(packet, destination, version == 6);
        if (peer == null)
        {
            return Reject(DeviceFault.NoRoute);
        }

        Peer = peer;
        DeviceResult result = DeviceResult.Done;
        if (!peer.HasStaged && peer.HasSession(now))
        {
            result = SendData(peer, peer.Keypairs.Current!, packet, offset, length, output, outOffset);
        }
        else
        {
            if (!peer.Staged.Add(packet, offset, length))
            {
                drops[(int)DeviceFault.StagedOverflow]++;
            }

            FlushOrHandshake(peer);
        }

        Reschedule(peer);
        return result;
    }

    /// <summary>Largest packet of the host: what an IPv4 datagram holds after its own, UDP's and our headers.</summary>
    const int MaxPacket = 65535 - 20 - 8 - TransportMessage.MinSize;

    /// <summary>Seals one packet, or a keepalive of length 0, and does what sending entails.</summary>
    DeviceResult SendData(WireGuardPeer peer, Keypair keypair, byte[] packet, int offset, int length, byte[] output, int outOffset)
    {
        int padded = TransportMessage.PaddedLength(length, mtu), content = outOffset + TransportMessage.ContentAt;
        ulong counter = keypair.SendCounter;
        keypair.SendCounter = counter + 1;
        Array.Copy(packet, offset, output, content, length);
        Array.Clear(output, content + length, padded - length);
        LittleEndian.WriteUInt32(output, outOffset, (uint)MessageType.Transport);
        LittleEndian.WriteUInt32(output, outOffset + TransportMessage.ReceiverAt, keypair.RemoteIndex);
        LittleEndian.WriteUInt64(output, outOffset + TransportMessage.CounterAt, counter);
        keypair.Seal(counter, output, content, padded, output, content);

        OnAuthenticTraversal(peer);
        OnAuthenticSent(peer);
        if (length > 0)
        {
            OnDataSent(peer);
        }

        if (keypair.IsStaleAfterSending(now))
        {
            WantInitiation(peer);
        }

        return SendTo(peer, MessageType.Transport, padded + TransportMessage.MinSize);
    }
}
