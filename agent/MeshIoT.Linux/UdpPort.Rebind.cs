using System;
using System.Net;

namespace MeshIoT.Linux;

/// <content>
/// A socket that the system has taken away from us, as it may when networks change, is replaced where it stands: the same descriptor, so that
/// nobody who waits for it notices, and the same port if that is still to be had. data-plane.md section 2.7.
/// </content>
public sealed unsafe partial class UdpPort
{
    const long RebindEveryMs = 5_000;

    long reboundMs = long.MinValue / 2;

    /// <summary>Called by the sending thread when a new socket had to take another port.</summary>
    public event Action<int>? Moved;

    /// <summary>How often the socket was replaced.</summary>
    public long Rebinds { get; private set; }

    /// <summary>
    /// Replaces the socket by a new one. False when the system gives none; the old one is then still there. The sending thread.
    /// </summary>
    public bool Rebind()
    {
        int number = Libc.Socket(family, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (number < 0)
        {
            return false;
        }

        using Descriptor fresh = new(number);
        SetOptions(fresh, family, bind);
        if (tellsAsked)
        {
            WantAsked(fresh);
        }

        joinsIncoming = wantsJoined && SetOption(fresh, Libc.SOL_UDP, Libc.UDP_GRO, 1);

        // An address that went may come back; until then nothing can be sent, and nothing is.
        SetOption(fresh, Libc.IPPROTO_IP, Libc.IP_FREEBIND, 1);

        // Closes the old socket in the same step, so that its port is free.
        if (Libc.Duplicate(fresh, socket.Number, Libc.O_CLOEXEC) < 0)
        {
            return false;
        }

        Rebinds++;
        if (BindTo(socket, family, bind, LocalPort) != 0)
        {
            _ = BindTo(socket, family, bind, 0);
            LocalPort = PortOf(socket);
            Moved?.Invoke(LocalPort);
        }

        return true;
    }

    static bool IsBroken(int errno) => errno is Errno.EPERM or Errno.EPIPE or Errno.ENOTCONN;

    // A firewall's refusal looks the same as a broken socket, and stays.
    void RebindNowAndThen(long nowMs)
    {
        if (nowMs - reboundMs >= RebindEveryMs)
        {
            reboundMs = nowMs;
            Rebind();
        }
    }
}
