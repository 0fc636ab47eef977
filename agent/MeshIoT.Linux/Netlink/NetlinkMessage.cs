using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Linux.Netlink;

/// <summary>One message of an answer: a view whose lengths have been checked, in <see cref="TryTake"/>. netlink(7).</summary>
readonly ref struct NetlinkMessage
{
    NetlinkMessage(ReadOnlySpan<byte> bytes)
    {
        Type = MemoryMarshal.Read<ushort>(bytes[4..]);
        Flags = MemoryMarshal.Read<ushort>(bytes[6..]);
        Sequence = MemoryMarshal.Read<uint>(bytes[8..]);
        Port = MemoryMarshal.Read<uint>(bytes[12..]);
        Body = bytes[RtNetlink.HeaderSize..];
    }

    internal ushort Type { get; }

    internal ushort Flags { get; }

    internal uint Sequence { get; }

    /// <summary>In a notice: whose request led to it; 0: nobody's, the kernel's own doing.</summary>
    internal uint Port { get; }

    internal ReadOnlySpan<byte> Body { get; }

    /// <summary>Takes the first message off <paramref name="datagram"/>; false at its end or at anything malformed.</summary>
    internal static bool TryTake(ref ReadOnlySpan<byte> datagram, out NetlinkMessage message)
    {
        message = default;
        if (datagram.Length < RtNetlink.HeaderSize)
        {
            return false;
        }

        uint length = MemoryMarshal.Read<uint>(datagram);
        if (length < RtNetlink.HeaderSize || length > (uint)datagram.Length)
        {
            return false;
        }

        message = new NetlinkMessage(datagram[..(int)length]);
        datagram = datagram[Math.Min(RtNetlink.Align((int)length), datagram.Length)..];
        return true;
    }

    /// <summary>The value of the first attribute of this type behind a fixed body of <paramref name="bodySize"/> bytes; empty when absent.</summary>
    internal ReadOnlySpan<byte> Attribute(int bodySize, ushort type)
    {
        ReadOnlySpan<byte> rest = Body.Length > bodySize ? Body[bodySize..] : default;
        while (rest.Length >= RtNetlink.AttributeHeaderSize)
        {
            int length = MemoryMarshal.Read<ushort>(rest);
            if (length < RtNetlink.AttributeHeaderSize || length > rest.Length)
            {
                return default;
            }

            // The two highest bits are flags (nested, network byte order).
            if ((MemoryMarshal.Read<ushort>(rest[2..]) & 0x3fff) == type)
            {
                return rest[RtNetlink.AttributeHeaderSize..length];
            }

            rest = rest[Math.Min(RtNetlink.Align(length), rest.Length)..];
        }

        return default;
    }

    /// <summary>A 32-bit attribute, or <paramref name="absent"/>.</summary>
    internal uint AttributeU32(int bodySize, ushort type, uint absent)
    {
        ReadOnlySpan<byte> value = Attribute(bodySize, type);
        return value.Length == 4 ? MemoryMarshal.Read<uint>(value) : absent;
    }
}
