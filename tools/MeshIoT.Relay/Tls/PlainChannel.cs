using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Relay;

/// <summary>A connection without TLS: for port 80's captive portal check, behind a proxy that ends TLS, and for tests.</summary>
internal sealed unsafe class PlainChannel(int socket) : Channel
{
    public override int Handshake() => 1;

    public override int Read(Span<byte> output, out bool ended)
    {
        ended = false;
        fixed (byte* first = output)
        {
            while (true)
            {
                nint got = Libc.Receive(socket, first, (nuint)output.Length, 0);
                if (got > 0)
                {
                    return (int)got;
                }

                int error = got == 0 ? 0 : Marshal.GetLastPInvokeError();
                if (error != Libc.EINTR)
                {
                    ended = error != Libc.EAGAIN;
                    return error == Libc.EAGAIN ? ChannelResult.WantRead : ChannelResult.Ended;
                }
            }
        }
    }

    public override int Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            while (true)
            {
                nint sent = Libc.Send(socket, first, (nuint)bytes.Length, Libc.NoSignal);
                if (sent > 0)
                {
                    return (int)sent;
                }

                int error = Marshal.GetLastPInvokeError();
                if (error != Libc.EINTR)
                {
                    return error == Libc.EAGAIN ? ChannelResult.WantWrite : ChannelResult.Ended;
                }
            }
        }
    }

    public override void Shutdown()
    {
    }

    public override void Dispose()
    {
    }
}
