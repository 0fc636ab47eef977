using System;
using System.Runtime.InteropServices;
using System.Text;

namespace MeshIoT.Linux.Netlink;

/// <summary>RTM_NEWLINK: an interface.</summary>
readonly record struct LinkMessage(uint Index, uint Flags, string Name)
{
    internal static bool TryRead(NetlinkMessage message, out LinkMessage link)
    {
        link = default;
        if (message.Type != RtNetlink.NewLink || message.Body.Length < RtNetlink.LinkBodySize)
        {
            return false;
        }

        ReadOnlySpan<byte> name = message.Attribute(RtNetlink.LinkBodySize, RtNetlink.LinkName);
        int end = name.IndexOf((byte)0);
        link = new(
            MemoryMarshal.Read<uint>(message.Body[RtNetlink.LinkIndexAt..]),
            MemoryMarshal.Read<uint>(message.Body[RtNetlink.LinkFlagsAt..]),
            Encoding.UTF8.GetString(end < 0 ? name : name[..end]));
        return true;
    }
}
