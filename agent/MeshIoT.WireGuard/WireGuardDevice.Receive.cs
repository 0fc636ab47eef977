using System;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <content>Datagrams from the network: what kind, for whom, and whether the sender may ask for work.</content>
public sealed partial class WireGuardDevice
{
    /// <summary>
    /// Takes one datagram. The source is 18 bytes (IPv6 or v4-mapped address, port big-endian); the output has room for length + 64
    /// bytes and is another array than the datagram. The result is a packet for the host, a reply for the network, nothing, or a rejection. Call Poll afterwards.
    /// </summary>
    public DeviceResult Receive(byte[] datagram, int offset, int length, byte[] source, long nowMs, byte[] output, int outOffset)
    {
        Bounds.Check(datagram, offset, length);
        Bounds.CheckLength(source, ProtocolLimits.EndpointSize);
        Bounds.Check(output, outOffset, length + 64);
        Begin(nowMs);
        if (isClosed)
        {
            return Reject(DeviceFault.Closed);
        }

        if (length < TransportMessage.MinSize)
        {
            return Reject(DeviceFault.WrongLength);
        }

        DeviceResult result;
        switch (LittleEndian.ReadUInt32(datagram, offset))
        {
            case (uint)MessageType.Transport:
                result = ReceiveTransport(datagram, offset, length, source, output, outOffset);
                break;
            case (uint)MessageType.Initiation:
                result = length != InitiationMessage.Size ? Reject(DeviceFault.WrongLength) : ReceiveInitiation(datagram, offset, source, output, outOffset);
                break;
            case (uint)MessageType.Response:
                result = length != ResponseMessage.Size ? Reject(DeviceFault.WrongLength) : ReceiveResponse(datagram, offset, source, output, outOffset);
                break;
            case (uint)MessageType.CookieReply:
                result = length != CookieReplyMessage.Size ? Reject(DeviceFault.WrongLength) : ReceiveCookieReply(datagram, offset);
                break;
            default:
                return Reject(DeviceFault.UnknownType);
        }

        if (Peer != null)
        {
            Reschedule(Peer);
        }

        return result;
    }

    /// <summary>
    /// The door before every handshake message: mac1 shows that the sender knows our key; under load mac2 shows that it can receive at
    /// its address, and then only so often. Done lets the message in; any other result is the answer to it.
    /// </summary>
    DeviceResult Admit(byte[] message, int offset, int mac1At, byte[] source, byte[] output, int outOffset)
    {
        if (!cookies.CheckMac1(message, offset, mac1At))
        {
            return Reject(DeviceFault.BadMac1);
        }

        CountHandshake();
        if (!UnderLoad)
        {
            return DeviceResult.Done;
        }

        if (!cookies.CheckMac2(message, offset, mac1At, source, now))
        {
            Reject(DeviceFault.CookieRequired);
            cookies.WriteReply(message, offset, mac1At, source, now, output, outOffset);
            return ReplyTo(source, MessageType.CookieReply, CookieReplyMessage.Size);
        }

        return limiter.Allow(source, now) ? DeviceResult.Done : Reject(DeviceFault.RateLimited);
    }

    DeviceResult ReplyTo(byte[] source, MessageType type, int length)
    {
        Array.Copy(source, 0, replyEndpoint, 0, ProtocolLimits.EndpointSize);
        Endpoint = replyEndpoint;
        SentType = type;
        Written = length;
        return DeviceResult.SendToNetwork;
    }

    bool IsNamed(byte[] key)
    {
        byte[]? named = NamedSender;
        return named == null || ConstantTime.Equal(named, 0, key, 0, ProtocolLimits.KeySize);
    }

    /// <summary>Authentic datagrams came: the peer is where it came from, and alive.</summary>
    void Authenticated(WireGuardPeer peer, byte[] source, int packets, long bytes)
    {
        Peer = peer;
        peer.RoamTo(source);
        peer.CountReceived(packets, bytes, now);
        OnAuthenticTraversal(peer);
        OnAuthenticReceived(peer);
    }
}
