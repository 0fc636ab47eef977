namespace MeshIoT.NetStack;

/// <summary>From the link to the protocol.</summary>
public sealed partial class NetStack
{
    readonly IpPacket packet = new IpPacket();

    /// <summary>One IP packet from the link. Whatever is in it, it throws nothing: what is malformed or not for us is dropped and counted.</summary>
    public void Input(byte[] bytes, int offset, int length, long nowMs)
    {
        NowMs = nowMs;
        PacketsReceived++;
        DropReason reason = packet.Parse(bytes, offset, length);
        if (reason == DropReason.None && FindAddress(bytes, packet.SourceAt, packet.AddressLength) >= 0)
        {
            reason = DropReason.BadSource;
        }

        Handle(reason);
        DrainNotifications();
    }

    /// <summary>A packet of ours to one of our own addresses: it never reaches the link.</summary>
    void InputLooped(byte[] bytes, int offset, int length)
    {
        Handle(packet.Parse(bytes, offset, length));
    }

    void Handle(DropReason reason)
    {
        if (reason == DropReason.None)
        {
            reason = CheckAddresses();
        }

        if (reason == DropReason.None)
        {
            reason = Dispatch();
        }

        if (reason != DropReason.None)
        {
            Drop(reason);
        }
    }

    DropReason CheckAddresses()
    {
        if (!IpAddressing.IsUnicast(packet.Bytes, packet.SourceAt, packet.AddressLength))
        {
            return DropReason.BadSource;
        }

        return FindAddress(packet.Bytes, packet.DestinationAt, packet.AddressLength) < 0 ? DropReason.NotForUs : DropReason.None;
    }

    DropReason Dispatch()
    {
        switch (packet.Protocol)
        {
            case IpPacket.ProtocolTcp:
                return ReceiveTcp();
            case IpPacket.ProtocolUdp:
                return ReceiveUdp();
            case IpPacket.ProtocolIcmp:
                return packet.AddressLength == 4 ? ReceiveIcmp4() : DropReason.UnknownProtocol;
            case IpPacket.ProtocolIcmp6:
                return packet.AddressLength == 16 ? ReceiveIcmp6() : DropReason.UnknownProtocol;
            default:
                return DropReason.UnknownProtocol;
        }
    }
}
