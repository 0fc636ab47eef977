using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Kernel;
using MeshIoT.Node.Naming;
using MeshIoT.Node.Userspace;
using StackError = MeshIoT.NetStack.SocketError;

namespace MeshIoT.Node;

/// <content>Dial, listen, ping and resolve.</content>
public sealed partial class TailnetNode
{
    // A node that is there answers in a second or two, a first handshake and a lost packet included.
    static readonly TimeSpan DialLimit = TimeSpan.FromSeconds(30);

    readonly List<KernelListener> kernelListeners = [];

    /// <summary>Finds the address of this node or a peer by short or full name, in any case, or reads an address.</summary>
    public bool TryResolve(string name, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (network.Names.TryFind(name, out NamedNode? node) && node.Addresses.Count > 0)
        {
            address = IPAddress.TryParse(name, out IPAddress? literal) ? literal : node.Addresses[0];
        }

        return address is not null || IPAddress.TryParse(name, out address);
    }

    /// <summary>
    /// Opens a TCP connection to a node of the tailnet by name or address; the stream is a <see cref="TailnetStream"/>.
    /// Throws a <see cref="FaultException"/>: no-such-node, connection-refused, connection-timed-out (30 s), not-in-tailnet.
    /// </summary>
    public async ValueTask<Stream> DialAsync(string hostOrIp, int port, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        IPAddress address = Find(hostOrIp).Address;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(DialLimit);
        try
        {
            return stack is null ? await DialKernelAsync(address, hostOrIp, port, limit.Token) : await DialStackAsync(stack, address, hostOrIp, port, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Faults.DialTimedOut.With(hostOrIp, port).ToException();
        }
    }

    /// <summary>
    /// Listens on a TCP port of this node's tailnet addresses, those it has and those it will have; the packet filter decides
    /// who may connect. Throws listen-port-in-use.
    /// </summary>
    public TailnetListener Listen(int port)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        if (stack is not null)
        {
            return UserspaceListener.Open(engine, stack, port);
        }

        KernelListener listener = new(port, health, Forget);
        lock (kernelListeners)
        {
            kernelListeners.Add(listener);
        }

        listener.Bind(network.Self.Addresses);
        return listener;
    }

    (IPAddress Address, string Name) Find(string hostOrIp)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        NetworkView seen = network;
        if (seen.Self.Addresses.Count == 0)
        {
            throw Faults.NotInTailnet.With().ToException();
        }

        bool literal = IPAddress.TryParse(hostOrIp, out IPAddress? address);
        if (seen.Names.TryFind(hostOrIp, out NamedNode? node) && node.Addresses.Count > 0)
        {
            return (literal ? address! : node.Addresses[0], node.FullName);
        }

        return literal && seen.Reaches(address!) ? (address!, "") : throw Faults.NoSuchNode.With(hostOrIp).ToException();
    }

    async Task<Stream> DialStackAsync(StackLink link, IPAddress address, string host, int port, CancellationToken ct)
    {
        (UserspaceStream? stream, StackError error) = await UserspaceStream.ConnectAsync(engine, link, address, port, ct);
        return stream ?? throw (error switch
        {
            StackError.ConnectionRefused or StackError.ConnectionReset => Faults.DialRefused.With(host, port),
            StackError.ConnectionAborted or StackError.AddressNotAvailable => Faults.NotInTailnet.With(),
            StackError.NoResources => Faults.TooManyConnections.With(),
            _ => Faults.DialTimedOut.With(host, port),
        }).ToException();
    }

    static async Task<Stream> DialKernelAsync(IPAddress address, string host, int port, CancellationToken ct)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), ct);
            return new KernelStream(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw (e.SocketErrorCode == SocketError.ConnectionRefused ? Faults.DialRefused : Faults.DialTimedOut).With(host, port).ToException(e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    IReadOnlyList<KernelListener> KernelListeners()
    {
        lock (kernelListeners)
        {
            return [.. kernelListeners];
        }
    }

    void Forget(KernelListener listener)
    {
        lock (kernelListeners)
        {
            kernelListeners.Remove(listener);
        }
    }
}
