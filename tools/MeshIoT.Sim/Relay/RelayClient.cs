using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using DerpType = MeshIoT.Derp.FrameType;

namespace MeshIoT.Sim;

/// <summary>
/// A client of a relay: blocking socket, TLS without a look at the certificate (the relay is ours, on this machine), upgrade, proof. One
/// thread may send while another receives only where the two use different clients.
/// </summary>
internal sealed unsafe class RelayClient : IDisposable
{
    const int FirstSize = 4096, BusySize = 256 * 1024;

    static readonly nint Context = NewContext();
    static readonly CryptoSuite Suite = new SodiumSuite();
    static readonly RandomSource Random = new SystemRandomSource();

    readonly Socket socket;
    readonly nint ssl;
    byte[] buffer = [];
    int start, end;

    RelayClient(Socket socket, nint ssl, NodePrivateKey key) => (this.socket, this.ssl, Key) = (socket, ssl, key.PublicKey);

    public NodePublicKey Key { get; }

    /// <summary>Connects and proves a new key; returns when the relay has accepted it.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public static RelayClient Connect(IPEndPoint relay)
    {
        Socket socket = new(relay.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        nint ssl = 0;
        try
        {
            socket.Connect(relay);
            ssl = LibSsl.SSL_new(Context);
            if (LibSsl.SSL_set_fd(ssl, (int)socket.SafeHandle.DangerousGetHandle()) != 1 || LibSsl.SSL_connect(ssl) != 1)
            {
                throw new IOException("no TLS");
            }

            using NodePrivateKey key = NodePrivateKey.Generate(Random);
            RelayClient client = new(socket, ssl, key);
            client.Prove(relay, key);
            return client;
        }
        catch (Exception e)
        {
            if (ssl != 0)
            {
                LibSsl.SSL_free(ssl);
            }

            socket.Dispose();
            throw e as IOException ?? new IOException("no connection", e);
        }
    }

    /// <summary>Writes bytes as one TLS record where they fit one.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            if (LibSsl.SSL_write(ssl, first, bytes.Length) != bytes.Length)
            {
                throw new IOException("the relay does not take it");
            }
        }
    }

    /// <summary>The next frame: its type, and its body until the next call.</summary>
    public DerpType Receive(out ReadOnlySpan<byte> body)
    {
        Fill(DerpFrames.HeaderSize);
        int length = (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(start + 1));
        Fill(DerpFrames.HeaderSize + length);
        DerpType type = (DerpType)buffer[start];
        body = buffer.AsSpan(start + DerpFrames.HeaderSize, length);
        start += DerpFrames.HeaderSize + length;
        return type;
    }

    /// <summary>Takes room for many packets at once.</summary>
    public void Work() => Array.Resize(ref buffer, BusySize);

    /// <summary>Gives back what only a busy client needs.</summary>
    public void Rest() => (buffer, start, end) = ([], 0, 0);

    /// <summary>Ends a <see cref="Receive"/> on another thread.</summary>
    public void Hang() => socket.Shutdown(SocketShutdown.Both);

    /// <inheritdoc/>
    public void Dispose()
    {
        LibSsl.SSL_free(ssl);
        socket.Dispose();
    }

    static nint NewContext()
    {
        nint context = LibSsl.SSL_CTX_new(LibSsl.TLS_client_method());
        LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlMode, LibSsl.ModeReleaseBuffers, 0);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlReadAhead, 1, 0);
        LibSsl.SSL_CTX_set_default_read_buffer_len(context, 64 * 1024);
        LibSsl.SSL_CTX_set_cert_verify_callback(context, &Accept, 0);
        return context;
    }

    // As a client that knows the certificate by its hash: no chain is built.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Accept(nint store, nint argument) => 1;

    void Prove(IPEndPoint relay, NodePrivateKey key)
    {
        Send(Encoding.ASCII.GetBytes($"GET {DerpUpgrade.Path} HTTP/1.1\r\nHost: {relay}\r\nUpgrade: {DerpUpgrade.Protocol}\r\nConnection: Upgrade\r\n\r\n"));
        int head;
        while ((head = buffer.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            Fill(end - start + 1);
        }

        if (!buffer.AsSpan(start).StartsWith("HTTP/1.1 101 "u8))
        {
            throw new IOException("the relay does not switch to DERP");
        }

        start += head + 4;
        using ClientHandshake handshake = new(Suite, Random, key);
        if (Receive(out ReadOnlySpan<byte> body) != DerpType.ServerKey || handshake.ReceiveServerKey(body) != HandshakeFault.None)
        {
            throw new IOException("the relay does not tell its key");
        }

        Send(handshake.WriteClientInfo(new ClientInfo { CanAckPings = true }));
        if (Receive(out body) != DerpType.ServerInfo || handshake.ReceiveServerInfo(body) != HandshakeFault.None)
        {
            throw new IOException("the relay does not accept the client");
        }
    }

    // So many bytes from start on.
    void Fill(int count)
    {
        if (buffer.Length == 0)
        {
            buffer = new byte[FirstSize];
        }

        if (start > 0 && (start == end || start + count > buffer.Length))
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        while (end - start < count)
        {
            fixed (byte* first = buffer)
            {
                int got = LibSsl.SSL_read(ssl, first + end, buffer.Length - end);
                if (got <= 0)
                {
                    throw new IOException("the relay has closed");
                }

                end += got;
            }
        }
    }
}
