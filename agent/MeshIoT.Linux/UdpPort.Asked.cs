using System;
using System.Net;

namespace MeshIoT.Linux;

/// <content>
/// For servers: a port on all addresses of a machine that has several answers from the one it was asked at. The kernel would choose by its
/// routes, and whoever asked, or the NAT before him, takes an answer from another address for a stranger's. ip(7) and ipv6(7), "pktinfo".
/// </content>
public sealed unsafe partial class UdpPort
{
    /// <summary>Size of what <see cref="Receive(Span{byte}, Span{byte}, Span{byte})"/> tells of our end: 16 bytes of address, 4 of interface.</summary>
    public const int AskedSize = 20;

    // struct msghdr, struct iovec and struct cmsghdr of 64-bit Linux; a control message's data begins after its header, both to a multiple of 8.
    const int MessageHeaderSize = 56, VectorSize = 16, ControlHeaderSize = 16, PacketInfo4Size = 12, PacketInfo6Size = 20, ControlSize = 64;
    const int SpecDestinationAt = 4, DestinationAt4 = 8, InterfaceAt6 = 16;

    bool tellsAsked;

    /// <summary>From now on <see cref="Receive(Span{byte}, Span{byte}, Span{byte})"/> knows at which of our addresses a datagram came.</summary>
    public void TellAsked()
    {
        tellsAsked = true;
        WantAsked(socket);
    }

    /// <summary>
    /// As the other Receive; <paramref name="asked20"/> then says at which of our addresses the datagram came, for the answer. All zero: not known.
    /// </summary>
    public int Receive(Span<byte> buffer, Span<byte> source18, Span<byte> asked20)
    {
        byte* address = stackalloc byte[SockAddr6Size];
        byte* control = stackalloc byte[ControlSize];
        byte* vector = stackalloc byte[VectorSize];
        byte* message = stackalloc byte[MessageHeaderSize];
        while (true)
        {
            nint length;
            fixed (byte* first = buffer)
            {
                WriteMessage(message, vector, first, buffer.Length, address, SockAddr6Size, control, ControlSize);
                length = Libc.ReceiveMessage(socket, message, Libc.MSG_TRUNC);
            }

            if (length >= 0 && length <= buffer.Length)
            {
                ReadSource(address, source18);
                ReadAsked(new ReadOnlySpan<byte>(control, (int)Math.Min(*(nuint*)(message + 40), ControlSize)), asked20[..AskedSize]);
                return (int)length;
            }

            if (length >= 0)
            {
                OversizeDrops++;
            }
            else if (Errno.Last != Errno.EINTR)
            {
                return -1;
            }
        }
    }

    /// <summary>As the other Send, from the address that <paramref name="asked20"/> names.</summary>
    public bool Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18, ReadOnlySpan<byte> asked20)
    {
        byte* address = stackalloc byte[SockAddr6Size];
        byte* control = stackalloc byte[ControlSize];
        byte* vector = stackalloc byte[VectorSize];
        byte* message = stackalloc byte[MessageHeaderSize];
        uint addressLength = WriteDestination(address, endpoint18);
        int controlLength = WriteAsked(new Span<byte>(control, ControlSize), asked20[..AskedSize]);
        if (addressLength != 0)
        {
            fixed (byte* first = datagram)
            {
                nint sent;
                do
                {
                    WriteMessage(message, vector, first, datagram.Length, address, addressLength, control, controlLength);
                    sent = Libc.SendMessage(socket, message, 0);
                }
                while (sent < 0 && Errno.Last == Errno.EINTR);

                if (sent == datagram.Length)
                {
                    return true;
                }
            }
        }

        SendDrops++;
        return false;
    }

    void WantAsked(Descriptor on)
    {
        if (family == Libc.AF_INET6)
        {
            SetOption(on, Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, 1);
        }
        else
        {
            SetOption(on, Libc.IPPROTO_IP, Libc.IP_PKTINFO, 1);
        }
    }

    static void WriteMessage(byte* message, byte* vector, byte* data, int length, byte* address, uint addressLength, byte* control, int controlLength)
    {
        new Span<byte>(message, MessageHeaderSize).Clear();
        *(byte**)vector = data;
        *(nuint*)(vector + 8) = (nuint)length;
        *(byte**)message = address;
        *(uint*)(message + 8) = addressLength;
        *(byte**)(message + 16) = vector;
        *(nuint*)(message + 24) = 1;
        *(byte**)(message + 32) = controlLength == 0 ? null : control;
        *(nuint*)(message + 40) = (nuint)controlLength;
    }

    // A socket for both families tells of IPv4 in the form of IPv6.
    void ReadAsked(ReadOnlySpan<byte> control, Span<byte> asked20)
    {
        asked20.Clear();
        while (control.Length >= ControlHeaderSize)
        {
            long length = BitConverter.ToInt64(control);
            if (length < ControlHeaderSize || length > control.Length)
            {
                return;
            }

            (int level, int type) = (BitConverter.ToInt32(control[8..]), BitConverter.ToInt32(control[12..]));
            ReadOnlySpan<byte> data = control[ControlHeaderSize..(int)length];
            if (level == Libc.IPPROTO_IPV6 && type == Libc.IPV6_PKTINFO && data.Length >= PacketInfo6Size)
            {
                data[..PacketInfo6Size].CopyTo(asked20);
                return;
            }

            if (level == Libc.IPPROTO_IP && type == Libc.IP_PKTINFO && data.Length >= PacketInfo4Size)
            {
                // Where it came to could be a broadcast address; the other is the one of ours that goes with it, but is missing from what
                // came before the socket was told to look.
                asked20[10] = asked20[11] = 0xff;
                int at = data.Slice(SpecDestinationAt, 4).IndexOfAnyExcept((byte)0) < 0 ? DestinationAt4 : SpecDestinationAt;
                data.Slice(at, 4).CopyTo(asked20[12..]);
                return;
            }

            control = control[(int)Math.Min(control.Length, (length + 7) & ~7)..];
        }
    }

    // The length of the control message; 0 for none.
    int WriteAsked(Span<byte> control, ReadOnlySpan<byte> asked20)
    {
        control.Clear();
        if (asked20.IndexOfAnyExcept((byte)0) < 0)
        {
            return 0;
        }

        bool isSix = family == Libc.AF_INET6;
        int size = isSix ? PacketInfo6Size : PacketInfo4Size;
        BitConverter.TryWriteBytes(control, (long)(ControlHeaderSize + size));
        BitConverter.TryWriteBytes(control[8..], isSix ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP);
        BitConverter.TryWriteBytes(control[12..], isSix ? Libc.IPV6_PKTINFO : Libc.IP_PKTINFO);
        Span<byte> data = control[ControlHeaderSize..];
        if (!isSix)
        {
            asked20[12..16].CopyTo(data[SpecDestinationAt..]);
        }
        else
        {
            // The interface only where an address means nothing without it (fe80::/10): else the way back may be by another one.
            asked20[..InterfaceAt6].CopyTo(data);
            if (asked20[0] == 0xfe && (asked20[1] & 0xc0) == 0x80)
            {
                asked20[InterfaceAt6..AskedSize].CopyTo(data[InterfaceAt6..]);
            }
        }

        return (ControlHeaderSize + size + 7) & ~7;
    }
}
