using System;

namespace MeshIoT.Relay;

/// <summary>A TLS server connection on a socket. OpenSSL gives its buffers back as soon as they are empty, so that an idle connection holds none.</summary>
internal sealed unsafe class TlsChannel : Channel
{
    const int MaxRecord = 16 * 1024;

    readonly TlsInput input;
    readonly int socket;
    nint ssl;
    bool broken, isFilled;

    TlsChannel(nint ssl, TlsInput input, int socket) => (this.ssl, this.input, this.socket) = (ssl, input, socket);

    /// <summary>A channel on a socket, for the loop whose input is given; null when OpenSSL has no memory for it.</summary>
    public static TlsChannel? TryCreate(TlsContext context, TlsInput input, int socket)
    {
        nint ssl = context.NewSsl(), source = input.NewReference(), sink = LibSsl.BIO_new_socket(socket, LibSsl.BioNoClose);
        if (ssl == 0 || source == 0 || sink == 0)
        {
            Free(ssl, source, sink);
            return null;
        }

        LibSsl.SSL_set0_rbio(ssl, source);
        LibSsl.SSL_set0_wbio(ssl, sink);
        LibSsl.SSL_set_accept_state(ssl);
        return new TlsChannel(ssl, input, socket);
    }

    public override int Handshake()
    {
        int filled = input.Fill(socket), result = LibSsl.SSL_do_handshake(ssl);
        isFilled = result == 1 && !input.IsEmpty;
        return result == 1 ? 1 : filled == ChannelResult.Ended ? ChannelResult.Ended : Explain(result);
    }

    public override int Read(Span<byte> output, out bool ended)
    {
        // Right after the handshake there may be something left of the call that brought its end.
        int result = isFilled ? 1 : input.Fill(socket), length = 0;
        isFilled = false;
        ended = result == ChannelResult.Ended;
        fixed (byte* first = output)
        {
            while (result > 0 && length < output.Length)
            {
                int got = LibSsl.SSL_read(ssl, first + length, output.Length - length);
                result = got > 0 ? got : Explain(got);
                length += Math.Max(0, got);
                ended = result == ChannelResult.Ended;
            }
        }

        // What is not taken now is lost: the next connection wants the place.
        ended |= !input.IsEmpty;
        return length > 0 ? length : result;
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

    public override void Dispose() => Free(ref ssl);

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

    static void Free(ref nint ssl)
    {
        if (ssl != 0)
        {
            LibSsl.SSL_free(ssl);
            ssl = 0;
        }
    }

    static void Free(nint ssl, nint source, nint sink)
    {
        Free(ref ssl);
        LibSsl.ERR_clear_error();
        foreach (nint bio in (ReadOnlySpan<nint>)[source, sink])
        {
            if (bio != 0)
            {
                _ = LibSsl.BIO_free(bio);
            }
        }
    }
}
