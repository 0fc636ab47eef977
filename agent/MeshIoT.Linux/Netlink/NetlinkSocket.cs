using System;
using System.Runtime.InteropServices;
using MeshIoT.Health;

namespace MeshIoT.Linux.Netlink;

/// <summary>Receives one message of a dump.</summary>
delegate void NetlinkVisitor(NetlinkMessage message);

/// <summary>A conversation with the kernel's routing: one request at a time, each answered before the next. rtnetlink(7).</summary>
sealed unsafe class NetlinkSocket : IDisposable
{
    const int AnswerTimeoutSeconds = 5, DumpAttempts = 5;

    readonly Descriptor socket;
    readonly byte[] answer = new byte[64 * 1024];
    uint sequence;

    internal NetlinkSocket()
    {
        int number = Libc.Socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, 0);
        if (number < 0)
        {
            int errno = Errno.Last;
            throw Check("open rtnetlink", errno)!.ToException();
        }

        socket = new Descriptor(number);
        TimeSpec limit = new() { Seconds = AnswerTimeoutSeconds };
        _ = Libc.SetSockOpt(socket, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, &limit, (uint)sizeof(TimeSpec));
    }

    /// <summary>The number the kernel knows this socket by once it has sent something, which notices about its requests carry; 0 before.</summary>
    internal uint Port
    {
        get
        {
            byte* here = stackalloc byte[12];
            uint length = 12;
            return Libc.GetSockName(socket, here, &length) == 0 ? *(uint*)(here + 4) : 0;
        }
    }

    /// <summary>The fault an error number means for a person, null for 0.</summary>
    internal static FaultReport? Check(string what, int errno) => errno switch
    {
        0 => null,
        Errno.EPERM => Faults.NetworkConfigDenied.With(what),
        _ => Faults.NetworkConfigFailed.With(what, Errno.Text(errno)),
    };

    /// <summary>Asks for a change; returns the kernel's error number, 0 when it is done.</summary>
    internal int Change(NetlinkRequest request) => Converse(request, null, out _);

    /// <summary>Asks for a list, each entry given to <paramref name="visitor"/>; a list torn by a concurrent change is asked for again.</summary>
    /// <remarks>The visitor may see entries of a torn list, so it must tolerate seeing one twice.</remarks>
    internal int List(NetlinkRequest request, NetlinkVisitor visitor)
    {
        int errno = 0;
        for (int attempt = 0; attempt < DumpAttempts; attempt++)
        {
            errno = Converse(request, visitor, out bool torn);
            if (!torn)
            {
                break;
            }
        }

        return errno;
    }

    public void Dispose() => socket.Dispose();

    int Converse(NetlinkRequest request, NetlinkVisitor? visitor, out bool torn)
    {
        torn = false;
        sequence++;
        int errno = Send(request.Finish(sequence));
        while (errno == 0)
        {
            errno = Receive(out ReadOnlySpan<byte> rest);
            while (errno == 0 && NetlinkMessage.TryTake(ref rest, out NetlinkMessage message))
            {
                // An answer to an earlier request that ran into the time limit.
                if (message.Sequence != sequence)
                {
                    continue;
                }

                torn |= (message.Flags & RtNetlink.DumpInterrupted) != 0;
                if (message.Type == RtNetlink.Done)
                {
                    return 0;
                }

                if (message.Type == RtNetlink.Error)
                {
                    return message.Body.Length >= 4 ? -MemoryMarshal.Read<int>(message.Body) : Errno.EIO;
                }

                visitor?.Invoke(message);
            }
        }

        return errno;
    }

    int Send(ReadOnlySpan<byte> request)
    {
        // struct sockaddr_nl, 12 bytes: family, pad, port id 0 = the kernel, groups.
        byte* kernel = stackalloc byte[12];
        new Span<byte>(kernel, 12).Clear();
        *(ushort*)kernel = Libc.AF_NETLINK;
        fixed (byte* first = request)
        {
            return Libc.SendTo(socket, first, (nuint)request.Length, 0, kernel, 12) == request.Length ? 0 : Errno.Last;
        }
    }

    int Receive(out ReadOnlySpan<byte> datagram)
    {
        int errno = ReceiveFromKernel(socket, answer, out datagram);
        return errno == Errno.EAGAIN ? Errno.ETIMEDOUT : errno;
    }

    /// <summary>
    /// Takes one datagram of the kernel into <paramref name="buffer"/>; what others send is passed over. The error number, 0 when there is one,
    /// <see cref="Errno.EMSGSIZE"/> when it is longer than the buffer.
    /// </summary>
    internal static int ReceiveFromKernel(Descriptor socket, byte[] buffer, out ReadOnlySpan<byte> datagram)
    {
        datagram = default;
        byte* sender = stackalloc byte[12];
        while (true)
        {
            uint senderLength = 12;
            nint length;
            fixed (byte* first = buffer)
            {
                length = Libc.ReceiveFrom(socket, first, (nuint)buffer.Length, Libc.MSG_TRUNC, sender, &senderLength);
            }

            if (length < 0)
            {
                int errno = Errno.Last;
                if (errno == Errno.EINTR)
                {
                    continue;
                }

                return errno;
            }

            if (length > buffer.Length)
            {
                return Errno.EMSGSIZE;
            }

            // Only the kernel (port id 0, at offset 4) is believed.
            if (*(uint*)(sender + 4) == 0)
            {
                datagram = buffer.AsSpan(0, (int)length);
                return 0;
            }
        }
    }
}
