using System;
using System.Collections.Generic;
using MeshIoT.Linux;

namespace MeshIoT.Paths.Tests.Simulation;

/// <summary>The UDP port of a virtual node.</summary>
sealed class VirtualPort(VirtualNode node) : DatagramPort
{
    readonly Queue<(byte[] Bytes, Place From)> arrived = new();

    public override int FileDescriptor => -1;

    public bool HasArrived => arrived.Count > 0;

    /// <summary>Bytes of datagrams sent, without IP and UDP headers.</summary>
    public long SentBytes { get; private set; }

    public long ReceivedBytes { get; private set; }

    public long Sent { get; private set; }

    public long Received { get; private set; }

    /// <summary>Sees what is sent before it leaves.</summary>
    public Action<byte[], Place>? Tap { get; set; }

    public void Arrive(byte[] bytes, Place from) => arrived.Enqueue((bytes, from));

    public override int Receive(Span<byte> buffer, Span<byte> source18)
    {
        if (!arrived.TryDequeue(out (byte[] Bytes, Place From) next))
        {
            return -1;
        }

        next.Bytes.CopyTo(buffer);
        next.From.Write(source18);
        Received++;
        ReceivedBytes += next.Bytes.Length;
        return next.Bytes.Length;
    }

    public override bool Send(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> endpoint18)
    {
        Sent++;
        SentBytes += datagram.Length;
        byte[] copy = datagram.ToArray();
        Place to = Place.Read(endpoint18);
        Tap?.Invoke(copy, to);
        return node.SendUdp(copy, to);
    }

    public override void Dispose()
    {
    }
}
