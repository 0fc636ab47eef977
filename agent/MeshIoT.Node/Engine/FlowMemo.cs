namespace MeshIoT.Node.Engine;

/// <summary>
/// Remembers of a packet what all packets of its conversation share, so that what was found out for one (whose it is, whether the filter lets it in)
/// need not be found out for the next. Only TCP and UDP without fragments, options of IPv4 and extension headers; a segment with SYN is never the same.
/// Valid for one round of the engine. RFC 791, 8200, 9293, 768.
/// </summary>
internal unsafe struct FlowMemo
{
    const int Tcp = 6, Udp = 17, IPv4Header = 20, IPv6Header = 40, LeastTcpHeader = 20, UdpHeader = 8, TcpFlagsAt = 13;
    const byte Syn = 2;
    const ushort FragmentMask = 0xff3f; // as it lies in memory: more fragments, and the offset; not "don't fragment"

    ulong address0, address1, address2, address3;
    uint ports;
    byte version, protocol;

    /// <summary>Whether something is remembered.</summary>
    public readonly bool IsSet => version != 0;

    /// <summary>Remembers nothing.</summary>
    public void Forget() => version = 0;

    /// <summary>Remembers the packet of so many bytes, which is as long as its header says; nothing, if it is of no kind that can be remembered.</summary>
    public void Remember(byte* packet, int length)
    {
        version = 0;
        if (*packet == 0x45 && IsPlain4(packet, length))
        {
            address0 = *(ulong*)(packet + 12);
            ports = *(uint*)(packet + IPv4Header);
            protocol = packet[9];
            version = 4;
        }
        else if (*packet >> 4 == 6 && IsPlain6(packet, length))
        {
            ulong* addresses = (ulong*)(packet + 8);
            (address0, address1, address2, address3) = (addresses[0], addresses[1], addresses[2], addresses[3]);
            ports = *(uint*)(packet + IPv6Header);
            protocol = packet[6];
            version = 6;
        }
    }

    /// <summary>Whether the packet of so many bytes, which is as long as its header says, belongs to the same conversation.</summary>
    public readonly bool Matches(byte* packet, int length)
    {
        if (version == 4)
        {
            return *packet == 0x45 && packet[9] == protocol && *(ulong*)(packet + 12) == address0 && IsPlain4(packet, length)
                && *(uint*)(packet + IPv4Header) == ports;
        }

        ulong* addresses = (ulong*)(packet + 8);
        return version == 6 && *packet >> 4 == 6 && length >= IPv6Header && packet[6] == protocol && addresses[0] == address0 && addresses[1] == address1
            && addresses[2] == address2 && addresses[3] == address3 && IsPlain6(packet, length) && *(uint*)(packet + IPv6Header) == ports;
    }

    static bool IsPlain4(byte* packet, int length) => (*(ushort*)(packet + 6) & FragmentMask) == 0 && IsPlain(packet[9], packet + IPv4Header, length - IPv4Header);

    static bool IsPlain6(byte* packet, int length) => length >= IPv6Header && IsPlain(packet[6], packet + IPv6Header, length - IPv6Header);

    static bool IsPlain(byte protocol, byte* transport, int length) =>
        protocol == Tcp ? length >= LeastTcpHeader && (transport[TcpFlagsAt] & Syn) == 0 : protocol == Udp && length >= UdpHeader;
}
