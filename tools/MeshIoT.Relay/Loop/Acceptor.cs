using System;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MeshIoT.Relay;

/// <summary>A listening socket: takes connections and deals them out to the loops in turn.</summary>
internal sealed unsafe class Acceptor(RelayContext context, Socket listener, EventLoop own, EventLoop[] loops, TlsContext? tls, Door door) : IReady
{
    const int AddressSize = 28, MaxPerRound = 64, KeepIdleSeconds = 600, UserTimeoutMs = 15_000;
    const int Family4 = 2, ConnectionAborted = 103, PauseMs = 100;

    Slot? slot;
    int next;

    /// <summary>Begins, on the loop's thread.</summary>
    public void Begin() => slot = own.Add((int)listener.SafeHandle.DangerousGetHandle(), this, Libc.EpollIn);

    /// <summary>Takes no more, on the loop's thread.</summary>
    public void End()
    {
        if (slot is not null)
        {
            own.Remove(slot);
        }

        listener.Dispose();
    }

    /// <inheritdoc/>
    public bool IsCostly => false;

    /// <inheritdoc/>
    public void OnReady(uint events)
    {
        byte* address = stackalloc byte[AddressSize];
        for (int i = 0; i < MaxPerRound; i++)
        {
            uint length = AddressSize;
            int socket = Libc.Accept(slot!.Descriptor, address, &length, Libc.CloseOnExec | Libc.NonBlock);
            if (socket < 0)
            {
                // No descriptors left: the queue would be announced again and again.
                if (Marshal.GetLastPInvokeError() is not (Libc.EAGAIN or Libc.EINTR or ConnectionAborted))
                {
                    own.Watch(slot, 0);
                    own.CallAt(slot, own.NowMs + PauseMs);
                }

                return;
            }

            own.Counters.Accepted++;
            Take(socket, new ReadOnlySpan<byte>(address, AddressSize));
        }
    }

    /// <inheritdoc/>
    public long OnTime(long nowMs)
    {
        own.Watch(slot!, Libc.EpollIn);
        return long.MaxValue;
    }

    /// <inheritdoc/>
    public void OnFailure(Exception why) => context.Log.Warn($"a connection was not taken: {why.Message}");

    void Take(int socket, ReadOnlySpan<byte> address)
    {
        (UInt128 ip, ushort port) = Parse(address);
        if (!context.Connections.TryEnter(ip))
        {
            own.Counters.TurnedAway++;
            _ = Libc.Close(socket);
            return;
        }

        Set(socket, Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        Set(socket, Libc.SolSocket, Libc.SoKeepAlive, 1);
        Set(socket, Libc.IpProtoTcp, Libc.TcpKeepIdle, KeepIdleSeconds);
        Set(socket, Libc.IpProtoTcp, Libc.TcpUserTimeout, UserTimeoutMs);
        Set(socket, Libc.IpProtoTcp, Libc.TcpNotSentLowAt, context.Limits.UnsentBytes);
        EventLoop loop = loops[next++ % loops.Length];
        loop.Post(() =>
        {
            Channel? channel = tls is null ? new PlainChannel(socket) : TlsChannel.TryCreate(tls, loop.Input ??= new TlsInput(), socket);
            if (channel is null)
            {
                _ = Libc.Close(socket);
                context.Connections.Leave(ip);
                return;
            }

            new Session(context, loop, socket, ip, port, channel, door).Begin();
        });
    }

    static (UInt128 Address, ushort Port) Parse(ReadOnlySpan<byte> address)
    {
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return BitConverter.ToUInt16(address) == Family4
            ? (((UInt128)0xffff << 32) | BinaryPrimitives.ReadUInt32BigEndian(address[4..]), port)
            : (BinaryPrimitives.ReadUInt128BigEndian(address[8..]), port);
    }

    static void Set(int socket, int level, int option, int value) => _ = Libc.SetSocketOption(socket, level, option, &value, sizeof(int));
}
