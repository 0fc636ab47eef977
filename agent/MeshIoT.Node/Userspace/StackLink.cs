using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Crypto;
using MeshIoT.NetStack;
using MeshIoT.Node.Engine;
using IPStack = MeshIoT.NetStack.NetStack;

namespace MeshIoT.Node.Userspace;

/// <summary>The host link of userspace mode: our own IP stack in place of the kernel's.</summary>
internal sealed class StackLink(RandomSource random, int mtu) : HostLink
{
    readonly List<byte[]> addresses = [];

    /// <summary>The stack; engine thread only.</summary>
    public IPStack Stack { get; } = new(random, mtu);

    /// <summary>Told of every change of a socket; the socket's Tag says whose it is.</summary>
    public SocketObserver Observer { get; } = new Router();

    /// <summary>The open connections, ended with the link.</summary>
    public HashSet<UserspaceStream> Streams { get; } = [];

    /// <inheritdoc/>
    public override long NextWakeMs => Stack.NextWakeMs;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, long nowMs) => Stack.Poll(nowMs, buffer, offset);

    /// <inheritdoc/>
    public override void Deliver(byte[] packet, int offset, int length, long nowMs) => Stack.Input(packet, offset, length, nowMs);

    /// <inheritdoc/>
    public override void SetAddresses(IReadOnlyList<IPAddress> addresses)
    {
        List<byte[]> wanted = [];
        foreach (IPAddress address in addresses)
        {
            wanted.Add(address.GetAddressBytes());
        }

        this.addresses.RemoveAll(old =>
        {
            bool gone = !wanted.Exists(address => address.AsSpan().SequenceEqual(old));
            if (gone)
            {
                Stack.RemoveAddress(old);
            }

            return gone;
        });

        foreach (byte[] address in wanted)
        {
            if (!this.addresses.Exists(old => old.AsSpan().SequenceEqual(address)))
            {
                Stack.AddAddress(address);
                this.addresses.Add(address);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (UserspaceStream stream in new List<UserspaceStream>(Streams))
        {
            stream.End(SocketError.ConnectionAborted);
        }
    }

    sealed class Router : SocketObserver
    {
        public override void Changed(TcpSocket socket)
        {
            if (socket.Tag is UserspaceStream stream)
            {
                stream.Pump();
            }
        }

        public override void Changed(UdpSocket socket)
        {
        }
    }
}
