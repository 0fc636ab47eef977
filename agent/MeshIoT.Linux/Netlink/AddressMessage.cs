using System;
using System.Net;
using System.Runtime.InteropServices;

namespace MeshIoT.Linux.Netlink;

/// <summary>RTM_NEWADDR: an address of an interface.</summary>
readonly record struct AddressMessage(uint Index, IPAddress Address, int PrefixLength, byte Flags)
{
    internal static bool TryRead(NetlinkMessage message, out AddressMessage address)
    {
        address = default;
        if (message.Type != RtNetlink.NewAddress || message.Body.Length < RtNetlink.AddressBodySize)
        {
            return false;
        }

        // On a point-to-point link ADDRESS is the other end and LOCAL ours; IPv6 may omit LOCAL.
        ReadOnlySpan<byte> bytes = message.Attribute(RtNetlink.AddressBodySize, RtNetlink.AddressLocal);
        bytes = bytes.IsEmpty ? message.Attribute(RtNetlink.AddressBodySize, RtNetlink.AddressAddress) : bytes;
        int size = FamilySize(message.Body[0]);
        int prefixLength = message.Body[RtNetlink.AddressPrefixAt];
        if (size == 0 || bytes.Length != size || prefixLength > size * 8)
        {
            return false;
        }

        address = new(
            MemoryMarshal.Read<uint>(message.Body[RtNetlink.AddressIndexAt..]),
            new IPAddress(bytes),
            prefixLength,
            message.Body[RtNetlink.AddressFlagsAt]);
        return true;
    }

    /// <summary>Bytes of an address of this family, 0 for a family we do not know.</summary>
    internal static int FamilySize(byte family) => family switch { Libc.AF_INET => 4, Libc.AF_INET6 => 16, _ => 0 };
}
