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
        int errno = NetlinkSocket.ReceiveFromKernel(socket, notice, out datagram);
        lost = errno is not (0 or Errno.EAGAIN);
        return errno is 0 or Errno.ENOBUFS or Errno.EMSGSIZE;
    }

    public void Dispose() => socket.Dispose();
}
