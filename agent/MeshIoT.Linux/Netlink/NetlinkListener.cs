using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Linux.Netlink;

/// <summary>Hears what the kernel tells everybody about interfaces, addresses, routes and rules. Never blocks. rtnetlink(7).</summary>
sealed unsafe class NetlinkListener : IDisposable
{
    readonly Descriptor socket;
    readonly byte[] notice = new byte[32 * 1024];

    internal NetlinkListener(uint groups)
    {
        int number = Libc.Socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        if (number < 0)
        {
            throw NetlinkSocket.Check("open rtnetlink", Errno.Last)!.ToException();
        }

        socket = new Descriptor(number);

        // struct sockaddr_nl: family, pad, port id 0 = any, groups.
        byte* here = stackalloc byte[12];
        new Span<byte>(here, 12).Clear();
        *(ushort*)here = Libc.AF_NETLINK;
        *(uint*)(here + 8) = groups;
        if (Libc.Bind(socket, here, 12) < 0)
        {
            int errno = Errno.Last;
            socket.Dispose();
            throw NetlinkSocket.Check("listen to rtnetlink", errno)!.ToException();
        }
    }

    /// <summary>For a <see cref="Poller"/>.</summary>
    internal int FileDescriptor => socket.Number;

    /// <summary>Takes one datagram of the kernel; false when there is none. <paramref name="lost"/>: some did not fit, so anything may have happened.</summary>
    internal bool TryReceive(out ReadOnlySpan<byte> datagram, out bool lost)
    {
        datagram = default;
        lost = false;
        byte* sender = stackalloc byte[12];
        while (true)
        {
            uint senderLength = 12;
            nint length;
            fixed (byte* first = notice)
            {
                length = Libc.ReceiveFrom(socket, first, (nuint)notice.Length, Libc.MSG_TRUNC, sender, &senderLength);
            }

            if (length < 0)
            {
                int errno = Errno.Last;
                if (errno == Errno.EINTR)
                {
                    continue;
                }

                lost = errno != Errno.EAGAIN;
                return errno == Errno.ENOBUFS;
            }

            if (length > notice.Length)
            {
                lost = true;
                return true;
            }

            // Only the kernel (port id 0, at offset 4) is believed.
            if (*(uint*)(sender + 4) == 0)
            {
                datagram = notice.AsSpan(0, (int)length);
                return true;
            }
        }
    }

    public void Dispose() => socket.Dispose();
}
