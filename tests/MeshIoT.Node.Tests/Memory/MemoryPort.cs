using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Tests.Memory;

/// <summary>A port on a <see cref="MemoryNetwork"/>.</summary>
sealed class MemoryPort(MemoryNetwork network) : DatagramPort
{
    readonly Dictionary<byte, byte[]> endpoints = [];
    readonly Queue<(byte[] Bytes, byte[] From)> arrived = new();

    public override int FileDescriptor => -1;

    /// <summary>Its endpoints, one after the other.</summary>
    public byte[][] Endpoints18 => [.. endpoints.Values];

    /// <summary>Takes this address on its network, and leaves the one it had there.</summary>
    public void MoveTo(string address)
    {
        byte[] endpoint = Endpoints.FromIPEndPoint(new IPEndPoint(IPAddress.Parse(address), 41641));
        byte on = MemoryNetwork.NetworkOf(endpoint);
        if (endpoints.TryGetValue(on, out byte[]? before))
        {
            network.Detach(before);
        }

        network.Attach(this, endpoint);
        endpoints[on] = endpoint;
    }

    /// <summary>Leaves all networks.</summary>
    public void Leave()
    {
        foreach (byte[] endpoint in endpoints.Values)
        {
            network.Detach(endpoint);
        }

        endpoints.Clear();
        arrived.Clear();
    }

    public void Arrive(byte[] bytes, byte[] from) => arrived.Enqueue((bytes, from));

    public override int Receive(Span<byte> buffer, Span<byte> source18)
    {
        if (!arrived.TryDequeue(out (byte[] Bytes, byte[] From) next))
        {
            return -1;
        }

        next.Bytes.CopyTo(buffer);
        next.From.CopyTo(source18);
        return next.Bytes.Length;
    }

    public override bool Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18)
    {
        if (!endpoints.TryGetValue(MemoryNetwork.NetworkOf(endpoint18), out byte[]? from))
        {
            network.Lose(datagram);
            return false;
        }

        network.Carry(datagram, from, endpoint18);
        return true;
    }

    public override void Dispose()
    {
    }
}
