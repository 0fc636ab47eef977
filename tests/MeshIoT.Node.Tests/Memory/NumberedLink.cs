using System;
using System.Buffers.Binary;
using System.Collections;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Tests.Memory;

/// <summary>A host that sends numbered packets, and keeps account of those it gets.</summary>
sealed class NumberedLink(int most) : HostLink
{
    const int NumberAt = 28;

    readonly BitArray seen = new(most);
    byte[] packet = [];
    int waiting;

    /// <summary>Packets handed to the engine.</summary>
    public int Sent { get; private set; }

    /// <summary>Different ones that came.</summary>
    public int Delivered { get; private set; }

    /// <summary>Packets that came once more, or that nobody sent.</summary>
    public int Wrong { get; private set; }

    /// <summary>The number of the last one that came; -1: none.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>Sends the next numbers in copies of an IPv4 UDP packet of at least 32 bytes.</summary>
    public void Send(byte[] like, int count = 1) => (packet, waiting) = (like, waiting + count);

    public override int Read(byte[] buffer, int offset, long nowMs)
    {
        if (waiting == 0)
        {
            return 0;
        }

        waiting--;
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(NumberAt), Sent++);
        packet.CopyTo(buffer, offset);
        return packet.Length;
    }

    public override void Deliver(byte[] bytes, int offset, int length, long nowMs)
    {
        int number = length >= NumberAt + 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset + NumberAt)) : -1;
        if (number < 0 || number >= most || seen[number])
        {
            Wrong++;
            return;
        }

        seen[number] = true;
        Last = number;
        Delivered++;
    }

    public override void Dispose()
    {
    }
}
