using System;
using System.Text;
using MeshIoT.Health;
using MeshIoT.Linux.Offload;

namespace MeshIoT.Linux;

/// <summary>
/// A layer 3 tunnel interface of the kernel (IFF_TUN | IFF_NO_PI): one IP packet per read and per write, never blocking. The interface
/// disappears with this object.
/// Linux Documentation/networking/tuntap.rst.
/// </summary>
public sealed unsafe partial class TunDevice : IDisposable
{
    const int IffTun = 0x0001, IffNoPi = 0x1000;
    const uint TunSetIff = 0x400454ca;

    // struct ifreq: 16 bytes of name, then a union of 24 bytes whose first two are the flags.
    const int NameSize = 16, InterfaceRequestSize = 40;

    readonly Descriptor descriptor;

    TunDevice(Descriptor descriptor, string name)
    {
        this.descriptor = descriptor;
        Name = name;
    }

    /// <summary>The name the kernel gave the interface.</summary>
    public string Name { get; }

    /// <summary>For a <see cref="Poller"/>; owned by this object.</summary>
    public int FileDescriptor => descriptor.Number;

    /// <summary>Packets the kernel refused to take from us: malformed, or the interface was down.</summary>
    public long WriteDrops { get; private set; }

    /// <summary>
    /// Makes the interface and sets its MTU (68 to 65535 bytes); <see cref="LinkConfig"/> brings it up. The kernel is asked
    /// for those of <paramref name="offloads"/> that concern a tunnel; <see cref="Offloads"/> are those it has.
    /// Throws <see cref="FaultException"/>: tun-missing, tun-denied, tun-busy, tun-name-invalid.
    /// </summary>
    public static TunDevice Open(string name, int mtu, Offloads offloads = Offloads.None)
    {
        if (!IsValidName(name))
        {
            throw Faults.TunNameInvalid.With(name).ToException();
        }

        Descriptor descriptor = OpenDriver(name);
        try
        {
            string given = "";
            bool large = (offloads & (Offloads.TunTcp | Offloads.TunUdp)) != 0 && TryAttach(descriptor, name, IffVnetHeader, out given) == 0;
            given = large ? given : Attach(descriptor, name);

            using LinkConfig link = LinkConfig.Open(given);
            link.SetMtu(mtu);
            TunDevice device = new(descriptor, given);
            if (large)
            {
                device.BeginOffloads(offloads);
            }

            return device;
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads one packet from the host; returns its length, or -1 when there is none now. A packet longer than the buffer is dropped:
    /// offer at least the MTU. When somebody removed the interface: <see cref="Gone"/>, or tun-gone.
    /// </summary>
    public int Read(Span<byte> buffer)
    {
        while (true)
        {
            int length = Cut(buffer);
            if (length > 0)
            {
                return length;
            }

            if (!Fetch())
            {
                return -1;
            }
        }
    }

    int ReadRaw(Span<byte> buffer)
    {
        while (true)
        {
            nint length;
            fixed (byte* first = buffer)
            {
                length = Libc.Read(descriptor, first, (nuint)buffer.Length);
            }

            if (length > 0)
            {
                return (int)length;
            }

            int errno = length == 0 ? Errno.EAGAIN : Errno.Last;
            switch (errno)
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return -1;
                default:
                    if (StandIn(errno))
                    {
                        return -1;
                    }

                    throw Faults.TunGone.With(Name, Errno.Text(errno)).ToException();
            }
        }
    }

    /// <summary>Gives one packet to the host, after those that wait; false when the kernel would not have it (counted in <see cref="WriteDrops"/>).</summary>
    public bool Write(ReadOnlySpan<byte> packet)
    {
        Flush();
        if (joiner is null)
        {
            fixed (byte* first = packet)
            {
                return WriteRaw(first, packet.Length);
            }
        }

        byte* vectors = stackalloc byte[2 * Vectors.Size];
        ulong* header = stackalloc ulong[2];
        (header[0], header[1]) = (0, 0);
        nint written;
        fixed (byte* first = packet)
        {
            Vectors.Set(vectors, 0, (byte*)header, VirtioHeader.Size);
            Vectors.Set(vectors, 1, first, packet.Length);
            do
            {
                written = Libc.WriteVector(descriptor, vectors, 2);
            }
            while (written < 0 && Errno.Last == Errno.EINTR);
        }

        bool taken = written == VirtioHeader.Size + packet.Length;
        WriteDrops += taken ? 0 : 1;
        return taken;
    }

    /// <summary>Closes the device; the kernel removes the interface, its addresses and its routes.</summary>
    public void Dispose() => descriptor.Dispose();

    // dev_valid_name() of the kernel: 1 to 15 bytes, no slash, colon or white space, not "." or ".."; '%' would be a pattern.
    static bool IsValidName(string name)
    {
        foreach (char c in name)
        {
            if (c is <= ' ' or > '~' or '/' or ':' or '%')
            {
                return false;
            }
        }

        return name.Length is > 0 and < NameSize && name is not ("." or "..");
    }

    static Descriptor OpenDriver(string name)
    {
        int number;
        fixed (byte* path = "/dev/net/tun\0"u8)
        {
            number = Libc.Open(path, Libc.O_RDWR | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
        }

        if (number >= 0)
        {
            return new Descriptor(number);
        }

        int errno = Errno.Last;
        throw (errno switch
        {
            Errno.ENOENT or Errno.ENODEV or Errno.ENXIO => Faults.TunMissing.With(),
            Errno.EACCES or Errno.EPERM => Faults.TunDenied.With(name),
            _ => Faults.TunFailed.With(name, Errno.Text(errno)),
        }).ToException();
    }

    static string Attach(Descriptor descriptor, string name)
    {
        int errno = TryAttach(descriptor, name, 0, out string given);
        return errno == 0 ? given : throw (errno switch
        {
            Errno.EPERM or Errno.EACCES => Faults.TunDenied.With(name),
            // EBUSY: another process holds the tunnel; EINVAL: an interface of another kind has the name.
            Errno.EBUSY or Errno.EEXIST or Errno.EINVAL => Faults.TunBusy.With(name),
            _ => Faults.TunFailed.With(name, Errno.Text(errno)),
        }).ToException();
    }

    // 0, or the system's error number.
    static int TryAttach(Descriptor descriptor, string name, int more, out string given)
    {
        byte* request = stackalloc byte[InterfaceRequestSize];
        Span<byte> fields = new(request, InterfaceRequestSize);
        fields.Clear();
        Encoding.ASCII.GetBytes(name, fields[..(NameSize - 1)]);
        *(short*)(request + NameSize) = (short)(IffTun | IffNoPi | more);
        int errno = Libc.Ioctl(descriptor, TunSetIff, request) < 0 ? Errno.Last : 0;
        int length = fields[..NameSize].IndexOf((byte)0);
        given = Encoding.ASCII.GetString(fields[..(length < 0 ? NameSize : length)]);
        return errno;
    }
}
