using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Linux.Netlink;

/// <summary>One request as it lies in the buffer: header, fixed body, attributes. All integers in the host's byte order. netlink(7).</summary>
sealed class NetlinkRequest
{
    // The largest request here is an IPv6 route, 88 bytes.
    readonly byte[] bytes = new byte[256];

    internal NetlinkRequest(ushort type, ushort flags, int bodySize)
    {
        Write(4, type);
        Write(6, (ushort)(flags | RtNetlink.Request));
        Length = RtNetlink.HeaderSize + bodySize;
    }

    internal int Length { get; private set; }

    internal Span<byte> Body => bytes.AsSpan(RtNetlink.HeaderSize);

    /// <summary>The finished request under this sequence number.</summary>
    internal ReadOnlySpan<byte> Finish(uint sequence)
    {
        Write(0, (uint)Length);
        Write(8, sequence);
        return bytes.AsSpan(0, Length);
    }

    internal void SetBody(int at, uint value) => MemoryMarshal.Write(Body[at..], value);

    internal NetlinkRequest Add(ushort type, uint value)
    {
        Span<byte> room = stackalloc byte[4];
        MemoryMarshal.Write(room, value);
        return Add(type, room);
    }

    internal NetlinkRequest Add(ushort type, ReadOnlySpan<byte> value)
    {
        int at = RtNetlink.Align(Length);
        Write(at, (ushort)(RtNetlink.AttributeHeaderSize + value.Length));
        Write(at + 2, type);
        value.CopyTo(bytes.AsSpan(at + RtNetlink.AttributeHeaderSize));
        Length = at + RtNetlink.AttributeHeaderSize + value.Length;
        return this;
    }

    void Write<T>(int at, T value)
        where T : struct => MemoryMarshal.Write(bytes.AsSpan(at), value);
}
