using System;

namespace MeshIoT.WireGuard;

/// <content>
/// For a shell that seals and opens data itself, many packets at a time and where they lie: the device says with which session, the shell reports what
/// it did. Everything but data of a running session goes through <see cref="Receive"/> and <see cref="Send"/> as ever. WireGuard paper, section 5.4.6.
/// </content>
public sealed partial class WireGuardDevice
{
    /// <summary>A data message: 16 bytes of header, the sealed packet, 16 bytes of tag.</summary>
    public const int DataHeaderSize = TransportMessage.ContentAt, DataOverhead = TransportMessage.MinSize;

    /// <summary>Where the receiver index (4 bytes, little-endian) and the counter (8 bytes, little-endian) lie in a data message.</summary>
    public const int DataReceiverAt = TransportMessage.ReceiverAt, DataCounterAt = TransportMessage.CounterAt;

    /// <summary>A counter from here on is not used and not accepted.</summary>
    public const ulong CounterLimit = ProtocolLimits.RejectAfterMessages;

    /// <summary>Bytes that a packet of so many has once it is padded.</summary>
    public int PaddedLength(int length) => TransportMessage.PaddedLength(length, mtu);

    /// <summary>The session that a data message names, or null: <see cref="CountDrop"/> has counted it then.</summary>
    public Keypair? FindReceiving(uint receiverIndex, long nowMs)
    {
        Begin(nowMs);
        if (!(indexes.Lookup(receiverIndex) is Keypair keypair))
        {
            CountDrop(DeviceFault.UnknownIndex);
            return null;
        }

        if (!keypair.CanReceive(now))
        {
            CountDrop(DeviceFault.ExpiredSession);
            return null;
        }

        return keypair;
    }

    /// <summary>The session to send data to the peer with, or null: then <see cref="Send"/> is to have the packet.</summary>
    public Keypair? FindSending(WireGuardPeer peer, long nowMs)
    {
        Begin(nowMs);
        return !isClosed && !peer.IsRemoved && !peer.HasStaged && peer.HasSession(now) ? peer.Keypairs.Current : null;
    }

    /// <summary>Data was not taken.</summary>
    public void CountDrop(DeviceFault fault) => Reject(fault);

    /// <summary>
    /// Authentic data came: so many packets, of so many bytes with all that WireGuard adds, from this endpoint (18 bytes).
    /// <paramref name="withContent"/> of them were not empty. Call <see cref="Poll"/> afterwards when <see cref="NextWakeMs"/> has come.
    /// </summary>
    public void Received(Keypair keypair, byte[] source, int packets, int withContent, long bytes, long nowMs)
    {
        Bounds.CheckLength(source, ProtocolLimits.EndpointSize);
        Begin(nowMs);
        WireGuardPeer peer = keypair.Peer;
        Authenticated(peer, source, packets, bytes);
        if (peer.Keypairs.Confirm(keypair))
        {
            OnHandshakeComplete(peer);
            peer.FlushDue = peer.HasStaged;
        }

        KeepFreshAfterReceiving(peer);

        // The second one in a row asks for a keepalive after the next; further ones change nothing.
        for (int i = 0; i < withContent && i < 2; i++)
        {
            OnDataReceived(peer);
        }

        Reschedule(peer);
    }

    /// <summary>Data was sealed with the session and sent: so many packets, of so many bytes with all that WireGuard adds.</summary>
    public void Sent(Keypair keypair, int packets, long bytes, long nowMs)
    {
        Begin(nowMs);
        WireGuardPeer peer = keypair.Peer;
        peer.CountSent(packets, bytes);
        OnAuthenticTraversal(peer);
        OnAuthenticSent(peer);
        OnDataSent(peer);
        if (keypair.IsStaleAfterSending(now))
        {
            WantInitiation(peer);
        }

        Reschedule(peer);
    }
}
