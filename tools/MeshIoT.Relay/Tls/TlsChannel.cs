using System;

namespace MeshIoT.Relay;

/// <summary>
/// A TLS server connection on a socket. OpenSSL reads ahead, many records with one system call, and gives its buffers back as soon as
/// they are empty, so that an idle connection holds none.
/// </summary>
internal sealed unsafe class TlsChannel : Channel
{
    const int MaxRecord = 16 * 1024;

    nint ssl;
    bool broken;

    TlsChannel(nint ssl) => this.ssl = ssl;

    /// <summary>A channel on a socket; null when OpenSSL has no memory for it.</summary>
    public static TlsChannel? TryCreate(TlsContext context, int socket)
    {
        TlsChannel channel = new(context.NewSsl());
        if (channel.ssl == 0 || LibSsl.SSL_set_fd(channel.ssl, socket) != 1)
        {
            LibSsl.ERR_clear_error();
            channel.Dispose();
            return null;
        }

        LibSsl.SSL_set_accept_state(channel.ssl);
        return channel;
    }

    public override bool HasPending => ssl != 0 && LibSsl.SSL_has_pending(ssl) == 1;

    public override int Handshake()
    {
        int result = LibSsl.SSL_do_handshake(ssl);
        return result == 1 ? 1 : Explain(result);
    }

    public override int Read(Span<byte> buffer)
    {
        fixed (byte* first = buffer)
        {
            int got = LibSsl.SSL_read(ssl, first, buffer.Length);
            return got > 0 ? got : Explain(got);
        }
    }

    public override int Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            int sent = LibSsl.SSL_write(ssl, first, Math.Min(bytes.Length, MaxRecord));
            return sent > 0 ? sent : Explain(sent);
        }
    }

    public override void Shutdown()
    {
        if (ssl != 0 && !broken)
        {
            broken = true;
            _ = LibSsl.SSL_shutdown(ssl);
            LibSsl.ERR_clear_error();
        }
    }

    public override void Dispose()
    {
        if (ssl != 0)
        {
            LibSsl.SSL_free(ssl);
            ssl = 0;
        }
    }

    int Explain(int result)
    {
        switch (LibSsl.SSL_get_error(ssl, result))
        {
            case LibSsl.ErrorWantRead:
                return ChannelResult.WantRead;
            case LibSsl.ErrorWantWrite:
                return ChannelResult.WantWrite;
            case LibSsl.ErrorZeroReturn:
                return ChannelResult.Ended;
            default:
                broken = true;
                LibSsl.ERR_clear_error();
                return ChannelResult.Ended;
        }
    }
}
