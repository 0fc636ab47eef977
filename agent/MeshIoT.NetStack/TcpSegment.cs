namespace MeshIoT.NetStack;

/// <summary>A received TCP segment, RFC 9293 section 3.1. One object, filled again for each packet.</summary>
internal sealed class TcpSegment
{
    public byte[] Bytes = new byte[0];
    public int SourcePort, DestinationPort;
    public uint Seq, Ack;
    public int Flags, Window;
    public int PayloadAt, PayloadLength;

    /// <summary>Options that only a SYN may carry. Mss 0 and WindowShift -1 = absent.</summary>
    public int Mss, WindowShift;
    public bool SackPermitted;

    /// <summary>Where the SACK blocks lie, eight bytes each, and how many there are.</summary>
    public int SackAt, SackBlocks;

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
        SackBlocks = 0;
        if (header > TcpConstants.HeaderSize)
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

            if (Has(TcpConstants.Syn))
            {
                ReadSynOption(Bytes[at], at, length);
            }
            else if (Bytes[at] == TcpConstants.OptionSack && (length & 7) == 2)
            {
                SackAt = at + 2;
                SackBlocks = length >> 3;
            }

            at += length;
        }
    }

    void ReadSynOption(int kind, int at, int length)
    {
        if (kind == TcpConstants.OptionMss && length == 4)
        {
            Mss = BigEndian.U16(Bytes, at + 2);
        }
        else if (kind == TcpConstants.OptionWindowScale && length == 3)
        {
            WindowShift = System.Math.Min((int)Bytes[at + 2], TcpConstants.MaxWindowShift);
        }
        else if (kind == TcpConstants.OptionSackPermitted && length == 2)
        {
            SackPermitted = true;
        }
    }
}
