using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Health;

namespace MeshIoT.Linux;

/// <summary>
/// A UDP port, never blocking. Endpoints are 18 bytes: an IPv6 or v4-mapped IPv6 address (16), then the port (2, big-endian),
/// so IPv4 and IPv6 look the same to the layers above. One thread receives; one thread sends.
/// </summary>
public sealed unsafe partial class UdpPort : DatagramPort
{
    /// <summary>Size of an endpoint: 16 bytes of address, 2 of port.</summary>
    public const int EndpointSize = 18;

    // The bypass mark of Tailscale: our own datagrams must not be routed into the tunnel (data-plane.md section 5.1).
    const int BypassMark = 0x80000;
    const int BufferBytes = 1 << 20;
    const int SockAddr4Size = 16, SockAddr6Size = 28, AddressAt4 = 4, AddressAt6 = 8;

    readonly Descriptor socket;
    readonly int family;
    readonly IPAddress bind;

    UdpPort(Descriptor socket, int family, IPAddress bind, int localPort)
    {
        this.socket = socket;
        this.family = family;
        this.bind = bind;
        LocalPort = localPort;
    }

    /// <summary>The port this end got; another one only after <see cref="Moved"/>.</summary>
    public int LocalPort { get; private set; }

    /// <summary>For a <see cref="Poller"/>; owned by this object.</summary>
    public override int FileDescriptor => socket.Number;

    /// <summary>Datagrams longer than the buffer offered; dropped.</summary>
    public long OversizeDrops { get; private set; }

    /// <summary>Datagrams the kernel would not send: no route, full buffer, refused by a firewall, wrong family.</summary>
    public long SendDrops { get; private set; }

    /// <summary>
    /// Opens a port. <see cref="IPAddress.IPv6Any"/> serves IPv6 and IPv4 (IPv4 alone where the kernel has no IPv6);
    /// any other address serves its own family. Port 0 takes a free one.
    /// Throws <see cref="FaultException"/>: udp-port-in-use, udp-address-not-local, udp-port-denied, udp-failed.
    /// </summary>
    public static UdpPort Open(IPAddress bind, int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        if (bind.IsIPv4MappedToIPv6)
        {
            bind = bind.MapToIPv4();
        }

        int family = bind.AddressFamily == AddressFamily.InterNetworkV6 ? Libc.AF_INET6 : Libc.AF_INET;
        int number = Libc.Socket(family, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (number < 0)
        {
            int errno = Errno.Last;
            if (bind.Equals(IPAddress.IPv6Any) && errno == Errno.EAFNOSUPPORT)
            {
                return Open(IPAddress.Any, port);
            }

            throw Faults.UdpFailed.With(port, bind, Errno.Text(errno)).ToException();
        }

        Descriptor socket = new(number);
        try
        {
            return Bind(socket, family, bind, port);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes one datagram and writes where it came from to <paramref name="source18"/>; returns its length (0 is possible),
    /// or -1 when there is none now.
    /// </summary>
    public override int Receive(Span<byte> buffer, Span<byte> source18) =>
        inBatch is not null ? ReceiveBatched(buffer, source18) : ReceiveOne(buffer, source18);

    int ReceiveOne(Span<byte> buffer, Span<byte> source18)
    {
        byte* address = stackalloc byte[SockAddr6Size];
        while (true)
        {
            uint addressLength = SockAddr6Size;
            nint length;
            fixed (byte* first = buffer)
            {
                length = Libc.ReceiveFrom(socket, first, (nuint)buffer.Length, Libc.MSG_TRUNC, address, &addressLength);
            }

            if (length >= 0 && length <= buffer.Length)
            {
                ReadSource(address, source18);
                return (int)length;
            }

            if (length >= 0)
            {
                OversizeDrops++;
            }
            else if (Errno.Last != Errno.EINTR)
            {
                // Nothing there, or an error that an earlier datagram left on the socket: reading it cleared it.
                return -1;
            }
        }
    }

    /// <summary>Sends one datagram; false when the kernel would not take it (counted in <see cref="SendDrops"/>). Never blocks.</summary>
    public override bool Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18)
    {
        // What waits was there before.
        Flush();
        return SendNow(datagram, endpoint18);
    }

    bool SendNow(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18)
    {
        byte* address = stackalloc byte[SockAddr6Size];
        uint addressLength = WriteDestination(address, endpoint18);
        if (addressLength != 0)
        {
            fixed (byte* first = datagram)
            {
                nint sent;
                do
                {
                    sent = Libc.SendTo(socket, first, (nuint)datagram.Length, 0, address, addressLength);
                }
                while (sent < 0 && Errno.Last == Errno.EINTR);

                if (sent == datagram.Length)
                {
                    outBatch?.Went(endpoint18);
                    return true;
                }

                if (sent < 0 && IsBroken(Errno.Last))
                {
                    RebindNowAndThen(BootClock.NowMs);
                }
            }
        }

        SendDrops++;
        return false;
    }

    /// <summary>Closes the port.</summary>
    public override void Dispose() => socket.Dispose();

    static UdpPort Bind(Descriptor socket, int family, IPAddress bind, int port)
    {
        SetOptions(socket, family, bind);
        int errno = BindTo(socket, family, bind, port);
        if (errno != 0)
        {
            throw (errno switch
            {
                Errno.EADDRINUSE => Faults.UdpPortInUse.With(port, bind),
                Errno.EADDRNOTAVAIL => Faults.UdpAddressNotLocal.With(port, bind),
                Errno.EACCES or Errno.EPERM => Faults.UdpPortDenied.With(port, bind),
                _ => Faults.UdpFailed.With(port, bind, Errno.Text(errno)),
            }).ToException();
        }

        return new UdpPort(socket, family, bind, PortOf(socket));
    }

    static void SetOptions(Descriptor socket, int family, IPAddress bind)
    {
        if (family == Libc.AF_INET6)
        {
            SetOption(socket, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, bind.Equals(IPAddress.IPv6Any) ? 0 : 1);
        }

        SetOption(socket, Libc.SOL_SOCKET, Libc.SO_MARK, BypassMark);
        SetBuffer(socket, Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF);
        SetBuffer(socket, Libc.SO_SNDBUFFORCE, Libc.SO_SNDBUF);
    }

    // 0, or the system's error number.
    static int BindTo(Descriptor socket, int family, IPAddress bind, int port)
    {
        byte* address = stackalloc byte[SockAddr6Size];
        Span<byte> bytes = new(address, SockAddr6Size);
        bytes.Clear();
        *(ushort*)address = (ushort)family;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)port);
        bind.TryWriteBytes(bytes[(family == Libc.AF_INET6 ? AddressAt6 : AddressAt4)..], out _);
        if (family == Libc.AF_INET6)
        {
            *(uint*)(address + 24) = (uint)bind.ScopeId;
        }

        return Libc.Bind(socket, address, family == Libc.AF_INET6 ? SockAddr6Size : (uint)SockAddr4Size) < 0 ? Errno.Last : 0;
    }

    static int PortOf(Descriptor socket)
    {
        byte* address = stackalloc byte[SockAddr6Size];
        uint length = SockAddr6Size;
        return Libc.GetSockName(socket, address, &length) == 0 ? BinaryPrimitives.ReadUInt16BigEndian(new ReadOnlySpan<byte>(address + 2, 2)) : 0;
    }

    static bool SetOption(Descriptor socket, int level, int option, int value) =>
        Libc.SetSockOpt(socket, level, option, &value, sizeof(int)) == 0;

    // The forced form passes the system's limit but needs CAP_NET_ADMIN.
    static void SetBuffer(Descriptor socket, int forced, int plain)
    {
        if (!SetOption(socket, Libc.SOL_SOCKET, forced, BufferBytes))
        {
            SetOption(socket, Libc.SOL_SOCKET, plain, BufferBytes);
        }
    }

    void ReadSource(byte* address, Span<byte> source18)
    {
        source18 = source18[..EndpointSize];
        if (family == Libc.AF_INET6)
        {
            new ReadOnlySpan<byte>(address + AddressAt6, 16).CopyTo(source18);
        }
        else
        {
            source18[..10].Clear();
            source18[10] = source18[11] = 0xff;
            new ReadOnlySpan<byte>(address + AddressAt4, 4).CopyTo(source18[12..]);
        }

        source18[16] = address[2];
        source18[17] = address[3];
    }

    uint WriteDestination(byte* address, ReadOnlySpan<byte> endpoint18)
    {
        endpoint18 = endpoint18[..EndpointSize];
        Span<byte> bytes = new(address, SockAddr6Size);
        bytes.Clear();
        *(ushort*)address = (ushort)family;
        bytes[2] = endpoint18[16];
        bytes[3] = endpoint18[17];
        if (family == Libc.AF_INET6)
        {
            endpoint18[..16].CopyTo(bytes[AddressAt6..]);
            return SockAddr6Size;
        }

        bool mapped = endpoint18[..10].IndexOfAnyExcept((byte)0) < 0 && endpoint18[10] == 0xff && endpoint18[11] == 0xff;
        endpoint18[12..16].CopyTo(bytes[AddressAt4..]);
        return mapped ? (uint)SockAddr4Size : 0;
    }
}
