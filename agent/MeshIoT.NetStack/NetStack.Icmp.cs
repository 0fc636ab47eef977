using System;

namespace MeshIoT.NetStack;

/// <summary>ICMP, RFC 792 and RFC 1122 section 3.2.2, and ICMPv6, RFC 4443: echo both ways, port unreachable out, errors in.</summary>
public sealed partial class NetStack
{
    const int IcmpHeader = 8, IcmpChecksumAt = 2, RepliesPerSecond = 50;
    const int EchoReply4 = 0, Unreachable4 = 3, EchoRequest4 = 8, TimeExceeded4 = 11, ParameterProblem4 = 12;
    const int Unreachable6 = 1, TooBig6 = 2, TimeExceeded6 = 3, ParameterProblem6 = 4, EchoRequest6 = 128, EchoReply6 = 129;

    /// <summary>An ICMPv4 error must not exceed 576 bytes, RFC 1812 section 4.3.2.3; an ICMPv6 one not 1280, RFC 4443 section 2.4.</summary>
    const int MaxError4 = 576, MaxError6 = 1280;
    readonly RateLimit errorLimit = new RateLimit(RepliesPerSecond);
    readonly byte[] from4 = new byte[4], from16 = new byte[16];

    /// <summary>Who is told of echo replies; null = nobody.</summary>
    public EchoObserver? EchoObserver { get; set; }

    /// <summary>Queues an echo request; false if the payload is longer than the MTU allows, there is no address of that family, or the queue is full.</summary>
    public bool SendEcho(byte[] remote, int identifier, int sequence, byte[] payload, int offset, int length)
    {
        bool ipv4 = remote.Length == 4;
        int header = IpWriter.HeaderSize(remote.Length);
        byte[]? source = SourceFor(remote, null);
        if (source == null || length < 0 || length > mtu - header - IcmpHeader)
        {
            return false;
        }

        int at = datagrams.Reserve();
        if (at < 0)
        {
            return false;
        }

        byte[] bytes = datagrams.Bytes;
        int icmpAt = at + header;
        BigEndian.Put16(bytes, icmpAt, (ipv4 ? EchoRequest4 : EchoRequest6) << 8);
        BigEndian.Put16(bytes, icmpAt + 4, identifier);
        BigEndian.Put16(bytes, icmpAt + 6, sequence);
        Array.Copy(payload, offset, bytes, icmpAt + IcmpHeader, length);
        datagrams.Commit(IpWriter.Finish(bytes, at, source, 0, remote, 0, remote.Length, ipv4 ? IpPacket.ProtocolIcmp : IpPacket.ProtocolIcmp6, IcmpHeader + length, IcmpChecksumAt));
        return true;
    }

    DropReason ReceiveIcmp4()
    {
        if (packet.PayloadLength < IcmpHeader)
        {
            return DropReason.Truncated;
        }

        if (!Checksum.IsValid(Checksum.Add(0, packet.Bytes, packet.PayloadAt, packet.PayloadLength)))
        {
            return DropReason.BadChecksum;
        }

        int type = packet.Bytes[packet.PayloadAt], code = packet.Bytes[packet.PayloadAt + 1];
        switch (type)
        {
            case EchoRequest4:
                return ReplyEcho(EchoReply4);
            case EchoReply4:
                return DeliverEcho();
            case Unreachable4:
                // 2, 3: protocol, port; 9, 10, 13: prohibited; 4: needs a smaller packet, its MTU in bytes 6-7 (RFC 1191).
                bool hard = code == 2 || code == 3 || code == 9 || code == 10 || code == 13;
                return ReceiveIcmpError(hard, code == 4 ? BigEndian.U16(packet.Bytes, packet.PayloadAt + 6) : 0);
            case TimeExceeded4:
            case ParameterProblem4:
                return ReceiveIcmpError(false, 0);
            default:
                return DropReason.IcmpIgnored;
        }
    }

    DropReason ReceiveIcmp6()
    {
        if (packet.PayloadLength < IcmpHeader)
        {
            return DropReason.Truncated;
        }

        if (!Checksum.IsValid(packet.TransportSum()))
        {
            return DropReason.BadChecksum;
        }

        int type = packet.Bytes[packet.PayloadAt], code = packet.Bytes[packet.PayloadAt + 1];
        switch (type)
        {
            case EchoRequest6:
                return ReplyEcho(EchoReply6);
            case EchoReply6:
                return DeliverEcho();
            case Unreachable6:
                // 1: prohibited, 4: port.
                return ReceiveIcmpError(code == 1 || code == 4, 0);
            case TooBig6:
                uint pathMtu = BigEndian.U32(packet.Bytes, packet.PayloadAt + 4);
                return ReceiveIcmpError(false, pathMtu > 65535 ? 65535 : (int)pathMtu);
            case TimeExceeded6:
            case ParameterProblem6:
                return ReceiveIcmpError(false, 0);
            default:
                return DropReason.IcmpIgnored;
        }
    }

    DropReason ReplyEcho(int type)
    {
        int header = IpWriter.HeaderSize(packet.AddressLength);
        if (packet.PayloadLength > mtu - header)
        {
            return DropReason.BadHeader;
        }

        int at = replies.Reserve();
        if (at < 0)
        {
            return DropReason.ReplyQueueFull;
        }

        byte[] bytes = replies.Bytes;
        Array.Copy(packet.Bytes, packet.PayloadAt, bytes, at + header, packet.PayloadLength);
        BigEndian.Put16(bytes, at + header, type << 8);
        CommitReply(at, packet.Protocol, packet.PayloadLength, IcmpChecksumAt);
        return DropReason.None;
    }

    DropReason DeliverEcho()
    {
        if (EchoObserver == null)
        {
            return DropReason.IcmpIgnored;
        }

        byte[] from = packet.AddressLength == 4 ? from4 : from16;
        Array.Copy(packet.Bytes, packet.SourceAt, from, 0, from.Length);
        int at = packet.PayloadAt;
        EchoObserver.Reply(from, BigEndian.U16(packet.Bytes, at + 4), BigEndian.U16(packet.Bytes, at + 6), packet.Bytes, at + IcmpHeader, packet.PayloadLength - IcmpHeader);
        return DropReason.None;
    }

    /// <summary>Port unreachable with as much of the packet as the rules allow, for the packet now being handled.</summary>
    void ReplyPortUnreachable()
    {
        bool ipv4 = packet.AddressLength == 4;
        int header = IpWriter.HeaderSize(packet.AddressLength), at = -1;
        if (errorLimit.TryTake(NowMs))
        {
            at = replies.Reserve();
            if (at < 0)
            {
                Drop(DropReason.ReplyQueueFull);
            }
        }
        else
        {
            Drop(DropReason.RateLimited);
        }

        if (at < 0)
        {
            return;
        }

        byte[] bytes = replies.Bytes;
        int quoted = Math.Min(packet.Length, (ipv4 ? MaxError4 : MaxError6) - header - IcmpHeader), icmpAt = at + header;
        Array.Clear(bytes, icmpAt, IcmpHeader);
        bytes[icmpAt] = (byte)(ipv4 ? Unreachable4 : Unreachable6);
        bytes[icmpAt + 1] = (byte)(ipv4 ? 3 : 4);
        Array.Copy(packet.Bytes, packet.Offset, bytes, icmpAt + IcmpHeader, quoted);
        CommitReply(at, ipv4 ? IpPacket.ProtocolIcmp : IpPacket.ProtocolIcmp6, IcmpHeader + quoted, IcmpChecksumAt);
    }

    /// <summary>Sends the payload at its place in the reply queue back to where the packet now being handled came from.</summary>
    void CommitReply(int at, int protocol, int payloadLength, int checksumAt)
    {
        replies.Commit(IpWriter.Finish(replies.Bytes, at, packet.Bytes, packet.DestinationAt, packet.Bytes, packet.SourceAt, packet.AddressLength, protocol, payloadLength, checksumAt));
    }
}
