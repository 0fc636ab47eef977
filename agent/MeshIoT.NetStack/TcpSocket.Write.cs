using System;

namespace MeshIoT.NetStack;

/// <summary>Segments as they lie on the wire: RFC 9293 section 3.1, RFC 7323 section 2, RFC 2018 section 3.</summary>
public sealed partial class TcpSocket
{
    const int MaxSackBlocks = 4;
    bool scaling;
    uint lastAckSent, rcvEdge;

    int WriteAck(byte[] output, int offset)
    {
        // Nothing in flight may mean a probe beyond a shut window was sent; then the peer expects the byte before it.
        uint seq = sndNxt == sndUna ? sndNxt : sndMax;
        int options = 0;
        if (sackPermitted && gaps.Count > 0)
        {
            int at = offset + IpWriter.HeaderSize(remote.Length) + TcpConstants.HeaderSize;
            int blocks = gaps.WriteBlocks(output, at + 4, MaxSackBlocks);
            output[at] = output[at + 1] = TcpConstants.OptionNop;
            output[at + 2] = TcpConstants.OptionSack;
            output[at + 3] = (byte)(2 + (8 * blocks));
            options = 4 + (8 * blocks);
        }

        return Write(output, offset, seq, TcpConstants.Ack, options, 0);
    }

    int WriteSyn(byte[] output, int offset)
    {
        bool answer = state == TcpState.SynReceived;
        int start = offset + IpWriter.HeaderSize(remote.Length) + TcpConstants.HeaderSize, at = start;
        output[at] = TcpConstants.OptionMss;
        output[at + 1] = 4;
        BigEndian.Put16(output, at + 2, advertisedMss);
        at += 4;
        if (!answer || sackPermitted)
        {
            output[at] = output[at + 1] = TcpConstants.OptionNop;
            output[at + 2] = TcpConstants.OptionSackPermitted;
            output[at + 3] = 2;
            at += 4;
        }

        if (!answer || scaling)
        {
            output[at] = TcpConstants.OptionNop;
            output[at + 1] = TcpConstants.OptionWindowScale;
            output[at + 2] = 3;
            output[at + 3] = (byte)receiveShift;
            at += 4;
        }

        return Write(output, offset, iss, answer ? TcpConstants.Syn | TcpConstants.Ack : TcpConstants.Syn, at - start, 0);
    }

    /// <summary>Bytes of the send ring from this sequence number on.</summary>
    int WriteData(long nowMs, byte[] output, int offset, uint seq, int length, bool fin)
    {
        lastSentMs = nowMs;
        int from = (int)(seq - sndUna), flags = TcpConstants.Ack;
        sendRing.Peek(from, output, offset + IpWriter.HeaderSize(remote.Length) + TcpConstants.HeaderSize, length);
        if (length > 0 && from + length == sendRing.Used)
        {
            flags |= TcpConstants.Psh;
        }

        return Write(output, offset, seq, fin ? flags | TcpConstants.Fin : flags, 0, length);
    }

    /// <summary>The headers before options and payload that are already at their place.</summary>
    int Write(byte[] output, int offset, uint seq, int flags, int optionsLength, int payloadLength)
    {
        int at = offset + IpWriter.HeaderSize(remote.Length), header = TcpConstants.HeaderSize + optionsLength;
        bool acknowledges = (flags & TcpConstants.Ack) != 0;
        BigEndian.Put16(output, at, localPort);
        BigEndian.Put16(output, at + 2, remotePort);
        BigEndian.Put32(output, at + 4, seq);
        BigEndian.Put32(output, at + 8, acknowledges ? rcvNxt : 0);
        output[at + 12] = (byte)(header << 2);
        output[at + 13] = (byte)flags;
        BigEndian.Put16(output, at + 14, (flags & TcpConstants.Syn) != 0 ? OfferInSyn() : OfferWindow());
        BigEndian.Put16(output, at + 18, 0);
        if (acknowledges)
        {
            lastAckSent = rcvNxt;
            ackNow = false;
            StopDelayedAck();
        }

        return IpWriter.Finish(output, offset, local, 0, remote, 0, remote.Length, IpPacket.ProtocolTcp, header + payloadLength, TcpConstants.ChecksumAt);
    }

    /// <summary>Never scaled, RFC 7323 section 2.2.</summary>
    int OfferInSyn()
    {
        int window = Math.Min(receiveRing.Room, 65535);
        rcvEdge = rcvNxt + (uint)window;
        return window;
    }

    /// <summary>
    /// The window field. Its right edge moves only in steps worth a segment or half the buffer (section 3.8.6.2.2) and goes
    /// back only if memory ran out.
    /// </summary>
    int OfferWindow()
    {
        int room = receiveRing.Room, growth = WindowGrowth();
        bool worthIt = growth >= Math.Min(receiveRing.Limit / 2, advertisedMss);
        int window = growth < 0 || worthIt ? room : OfferLeft();
        int field = Math.Min(window >> receiveShift, 65535);
        rcvEdge = rcvNxt + ((uint)field << receiveShift);
        return field;
    }
}
