namespace MeshIoT.NetStack;

/// <summary>A received TCP segment, RFC 9293 section 3.1. One object, filled again for each packet.</summary>
internal sealed class TcpSegment
{
    public byte[] Bytes = new byte[0];
    public int SourcePort, DestinationPort;
    public uint Seq, Ack;
    public int Flags, Window;
    public int PayloadAt, PayloadLength;

    /// <summary>Options; read from SYN segments only, where they alone are allowed. Mss 0 and WindowShift -1 = absent.</summary>
    public int Mss, WindowShift;
    public bool SackPermitted;

    /// <summary>Length in sequence space: SYN and FIN count one each.</summary>
    public int SequenceLength
    {
        get { return PayloadLength + ((Flags & TcpConstants.Syn) != 0 ? 1 : 0) + ((Flags & TcpConstants.Fin) != 0 ? 1 : 0); }
    }

    public bool Has(int flag)
    {
        return (Flags & flag) != 0;
    }

    public DropReason Parse(IpPacket packet)
    {
        byte[] bytes = packet.Bytes;
        int at = packet.PayloadAt;
        if (packet.PayloadLength < TcpConstants.HeaderSize)
        {
            return DropReason.Truncated;
        }

        int header = (bytes[at + 12] >> 4) * 4;
        if (header < TcpConstants.HeaderSize || header > packet.PayloadLength)
        {
            return DropReason.BadHeader;
        }

        if (!Checksum.IsValid(packet.TransportSum()))
        {
            return DropReason.BadChecksum;
        }

        Bytes = bytes;
        SourcePort = BigEndian.U16(bytes, at);
        DestinationPort = BigEndian.U16(bytes, at + 2);
        Seq = BigEndian.U32(bytes, at + 4);
        Ack = BigEndian.U32(bytes, at + 8);
        Flags = bytes[at + 13] & 0x1F;
        Window = BigEndian.U16(bytes, at + 14);
        PayloadAt = at + header;
        PayloadLength = packet.PayloadLength - header;
        Mss = 0;
        WindowShift = -1;
        SackPermitted = false;
        if (Has(TcpConstants.Syn))
        {
            ReadOptions(at + TcpConstants.HeaderSize, PayloadAt);
        }

        return SourcePort == 0 || DestinationPort == 0 ? DropReason.BadHeader : DropReason.None;
    }

    /// <summary>Reads what is well formed up to the first that is not; a wrong length ends the list, RFC 9293 section 3.1.</summary>
    void ReadOptions(int at, int end)
    {
        while (at < end && Bytes[at] != TcpConstants.OptionEnd)
        {
            if (Bytes[at] == TcpConstants.OptionNop)
            {
                at++;
                continue;
            }

            int length = end - at < 2 ? 0 : Bytes[at + 1];
            if (length < 2 || length > end - at)
            {
                return;
            }

            switch (Bytes[at])
            {
                case TcpConstants.OptionMss:
                    Mss = length == 4 ? BigEndian.U16(Bytes, at + 2) : Mss;
                    break;
                case TcpConstants.OptionWindowScale:
                    WindowShift = length == 3 ? System.Math.Min((int)Bytes[at + 2], TcpConstants.MaxWindowShift) : WindowShift;
                    break;
                case TcpConstants.OptionSackPermitted:
                    SackPermitted = length == 2;
                    break;
                default:
                    break;
            }

            at += length;
        }
    }
}
