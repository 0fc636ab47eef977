using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MeshIoT.Relay;

/// <summary>
/// The bytes that one loop has received for the connection it is reading, as OpenSSL's source (a BIO). One system call brings many records,
/// and OpenSSL takes them out one by one. Its own read-ahead does the same, but moves all that is left to the front for each record: at 50
/// records a call that is a sixth of the relay's time. All connections of a loop share one: each takes everything before the next begins.
/// </summary>
internal sealed unsafe class TlsInput : IDisposable
{
    /// <summary>Bytes that one system call brings at the most.</summary>
    public const int Size = 64 * 1024;

    /// <summary>A record that OpenSSL holds a part of already.</summary>
    public const int LongestRecord = 17 * 1024;

    static readonly nint Method = NewMethod();

    readonly byte* memory = (byte*)NativeMemory.Alloc(Size);
    readonly State* state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
    readonly nint bio;

    public TlsInput()
    {
        bio = LibSsl.BIO_new(Method);
        LibSsl.BIO_set_data(bio, state);
        LibSsl.BIO_set_init(bio, 1);
    }

    /// <summary>A reference for a connection, which owns it; 0 when there is no memory.</summary>
    public nint NewReference() => bio != 0 && LibSsl.BIO_up_ref(bio) == 1 ? bio : 0;

    /// <summary>True when everything has been taken.</summary>
    public bool IsEmpty => state->Left == 0;

    /// <summary>Receives what the socket has; the result of <see cref="Channel.Read"/>. What the connection before has left, if anything, is forgotten.</summary>
    public int Fill(int socket)
    {
        state->Left = 0;
        while (true)
        {
            nint got = Libc.Receive(socket, memory, Size, 0);
            if (got > 0)
            {
                state->At = memory;
                state->Left = (int)got;
                return (int)got;
            }

            int error = got == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error != Libc.EINTR)
            {
                return error == Libc.EAGAIN ? ChannelResult.WantRead : ChannelResult.Ended;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A connection that still has a reference finds nothing any more.
        _ = LibSsl.BIO_free(bio);
        NativeMemory.Free(memory);
        NativeMemory.Free(state);
    }

    static nint NewMethod()
    {
        fixed (byte* name = "loop input\0"u8)
        {
            nint method = LibSsl.BIO_meth_new(LibSsl.BIO_get_new_index() | LibSsl.BioSourceSink, name);
            _ = LibSsl.BIO_meth_set_read(method, &Take);
            _ = LibSsl.BIO_meth_set_ctrl(method, &Control);
            return method;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Take(nint bio, byte* output, int length)
    {
        State* state = (State*)LibSsl.BIO_get_data(bio);
        int count = Math.Min(length, state->Left);
        if (count <= 0)
        {
            LibSsl.BIO_set_flags(bio, LibSsl.BioRead | LibSsl.BioRetry);
            return -1;
        }

        LibSsl.BIO_clear_flags(bio, LibSsl.BioRead | LibSsl.BioWrite | LibSsl.BioRetry);
        Unsafe.CopyBlockUnaligned(output, state->At, (uint)count);
        state->At += count;
        state->Left -= count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static nint Control(nint bio, int command, nint argument, nint pointer) => command == LibSsl.BioFlush ? 1 : 0;

    struct State
    {
        public byte* At;
        public int Left;
    }
}
