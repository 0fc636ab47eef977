using System;

namespace MeshIoT.NetStack;

/// <summary>RST segments: RFC 9293 section 3.5.2.</summary>
public sealed partial class NetStack
{
    const int ResetsPerSecond = 200;
    readonly RateLimit resetLimit = new RateLimit(ResetsPerSecond);

    /// <summary>Answers the segment now being handled, for which there is no connection or that has no place in its own.</summary>
    internal void ReplyReset(TcpSegment s)
    {
        int at = ReserveReset();
        if (at < 0)
        {
            return;
        }

        bool hasAck = s.Has(TcpConstants.Ack);
        WriteReset(replies.Bytes, at + IpWriter.HeaderSize(packet.AddressLength), s.DestinationPort, s.SourcePort, hasAck ? s.Ack : 0, hasAck ? 0 : s.Seq + (uint)s.SequenceLength, !hasAck);
        CommitReply(at, IpPacket.ProtocolTcp, TcpConstants.HeaderSize, TcpConstants.ChecksumAt);
    }

    /// <summary>Ends a connection of ours.</summary>
    internal void SendReset(TcpSocket socket, uint seq, uint ack)
    {
        int at = ReserveReset();
        if (at < 0)
        {
            return;
        }

        byte[] local = socket.LocalAddress, remote = socket.RemoteAddress;
        WriteReset(replies.Bytes, at + IpWriter.HeaderSize(remote.Length), socket.LocalPort, socket.RemotePort, seq, ack, true);
        replies.Commit(IpWriter.Finish(replies.Bytes, at, local, 0, remote, 0, remote.Length, IpPacket.ProtocolTcp, TcpConstants.HeaderSize, TcpConstants.ChecksumAt));
    }

    int ReserveReset()
    {
        if (!resetLimit.TryTake(NowMs))
        {
            Drop(DropReason.RateLimited);
            return -1;
        }

        int at = replies.Reserve();
        if (at < 0)
        {
            Drop(DropReason.ReplyQueueFull);
        }

        return at;
    }

    static void WriteReset(byte[] output, int at, int fromPort, int toPort, uint seq, uint ack, bool acknowledges)
    {
        Array.Clear(output, at, TcpConstants.HeaderSize);
        BigEndian.Put16(output, at, fromPort);
        BigEndian.Put16(output, at + 2, toPort);
        BigEndian.Put32(output, at + 4, seq);
        BigEndian.Put32(output, at + 8, acknowledges ? ack : 0);
        output[at + 12] = TcpConstants.HeaderSize << 2;
        output[at + 13] = (byte)(acknowledges ? TcpConstants.Rst | TcpConstants.Ack : TcpConstants.Rst);
    }
}
