using System;
using MeshIoT.Health;

namespace MeshIoT.Linux;

/// <content>
/// An interface that somebody removed under the process, as network managers and hasty fingers do, is made anew where it stood: the same
/// descriptor, so that nobody who waits for it notices. Until then a silent stand-in has its place, because a dead descriptor is ready for ever.
/// Linux drivers/net/tun.c: reads end with EBADFD once the interface is gone.
/// </content>
public sealed unsafe partial class TunDevice
{
    const int UnixFamily = 1;

    volatile bool isGone;

    /// <summary>
    /// Called once by the reading thread when the interface turns out to be gone: be quick, never throw. Null: <see cref="Read"/> throws tun-gone.
    /// </summary>
    public Action? Gone { get; set; }

    /// <summary>Whether the interface is away and nothing is read or written. Any thread.</summary>
    public bool IsGone => isGone;

    /// <summary>How often it was made anew.</summary>
    public long Renewals { get; private set; }

    /// <summary>
    /// Makes the interface anew under its old name, with this MTU (68 to 65535 bytes). Any thread; the device is as before until
    /// <see cref="Adopt"/>. Throws as <see cref="Open"/> does.
    /// </summary>
    public TunRenewal Renew(int mtu)
    {
        Descriptor fresh = OpenDriver(Name);
        try
        {
            bool large = Offloads != Offloads.None && TryAttach(fresh, Name, IffVnetHeader, out _) == 0;
            if (!large)
            {
                Attach(fresh, Name);
            }

            using LinkConfig link = LinkConfig.Open(Name);
            link.SetMtu(mtu);
            return new TunRenewal(fresh, large);
        }
        catch
        {
            fresh.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads from and writes to the interface made by <see cref="Renew"/> from now on. On the thread that reads and writes; whoever waits for the
    /// descriptor is to be woken afterwards, as he waits for the stand-in still. False when the system refuses.
    /// </summary>
    public bool Adopt(TunRenewal renewal)
    {
        ArgumentNullException.ThrowIfNull(renewal);
        if (Libc.Duplicate(renewal.Descriptor, descriptor.Number, Libc.O_CLOEXEC) < 0)
        {
            return false;
        }

        // What waited in pieces was for the old one.
        splitter.Drop();
        joiner = null;
        Offloads wanted = Offloads;
        Offloads = Offloads.None;
        if (renewal.HasHeader)
        {
            BeginOffloads(wanted);
        }

        Renewals++;
        isGone = false;
        return true;
    }

    // A socket that nobody knows: nothing to read, and what is written is refused. False: there is nobody to tell, or no descriptor left.
    bool StandIn(int errno)
    {
        if (errno != Errno.EBADFD || Gone is not { } tell)
        {
            return false;
        }

        int number = Libc.Socket(UnixFamily, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (number < 0)
        {
            return false;
        }

        using Descriptor silent = new(number);
        if (Libc.Duplicate(silent, descriptor.Number, Libc.O_CLOEXEC) < 0)
        {
            return false;
        }

        isGone = true;
        tell();
        return true;
    }
}
