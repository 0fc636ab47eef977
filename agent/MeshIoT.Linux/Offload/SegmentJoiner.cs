using System;

namespace MeshIoT.Linux.Offload;

/// <summary>
/// On the way to the kernel: joins TCP segments that follow each other into one large packet, which costs the kernel once what it would cost for
/// each. Cut again by its rules, the very same bytes come out. The segments of a connection keep their order; packets of different ones may overtake
/// each other within a batch. What is not plain TCP goes through as it is. data-plane.md section 6.1.
/// </summary>
/// <param name="write">Gets each packet with the <see cref="VirtioHeader"/> before it.</param>
sealed class SegmentJoiner(PacketWriter write)
{
    // So many connections at once are joined; with more, the one that waited longest goes.
    const int MostFlows = 4;

    /// <summary>The header of a packet with which nothing is left to do.</summary>
    internal static readonly byte[] Plain = new byte[VirtioHeader.Size];

    readonly JoinedFlow?[] flows = new JoinedFlow?[MostFlows];
    long count;

    /// <summary>False: every packet goes through as it is.</summary>
    internal bool IsEnabled { get; set; } = true;

    /// <summary>Takes a packet; it may wait for <see cref="Flush"/>.</summary>
    internal void Add(ReadOnlySpan<byte> packet)
    {
        if (!IsEnabled)
        {
            write(Plain, packet);
        }
        else if (TcpSegment.TryRead(packet, out TcpSegment segment, out bool isTcp))
        {
            Add(segment);
        }
        else
        {
            if (isTcp)
            {
                Flush();
            }

            write(Plain, packet);
        }
    }

    /// <summary>Everything that waits goes.</summary>
    internal void Flush()
    {
        foreach (JoinedFlow? flow in flows)
        {
            Emit(flow);
        }
    }

    void Add(in TcpSegment segment)
    {
        JoinedFlow? flow = Find(segment);
        if (flow is not null && flow.TryAppend(segment))
        {
            flow.LastUsed = ++count;
            if (flow.IsClosed)
            {
                Emit(flow);
            }

            return;
        }

        Emit(flow);
        if ((segment.Flags & TcpSegment.Push) != 0 || !JoinedFlow.IsFit(segment))
        {
            write(Plain, segment.Packet);
            return;
        }

        flow ??= Free();
        flow.Begin(segment);
        flow.LastUsed = ++count;
    }

    JoinedFlow? Find(in TcpSegment segment)
    {
        foreach (JoinedFlow? flow in flows)
        {
            if (flow is not null && flow.IsOf(segment))
            {
                return flow;
            }
        }

        return null;
    }

    // One that was used already before a new one: its memory is warm, and the new one's is not there yet.
    JoinedFlow Free()
    {
        JoinedFlow? oldest = null;
        for (int i = 0; i < flows.Length; i++)
        {
            JoinedFlow flow = flows[i] ??= new JoinedFlow();
            if (flow.Count == 0)
            {
                return flow;
            }

            oldest = oldest is null || flow.LastUsed < oldest.LastUsed ? flow : oldest;
        }

        Emit(oldest);
        return oldest!;
    }

    void Emit(JoinedFlow? flow)
    {
        if (flow is { Count: > 0 })
        {
            ReadOnlySpan<byte> header = flow.Take(out ReadOnlySpan<byte> packet);
            write(header, packet);
        }
    }
}

/// <summary>Takes a packet and the <see cref="VirtioHeader"/> that belongs before it.</summary>
delegate void PacketWriter(ReadOnlySpan<byte> header, ReadOnlySpan<byte> packet);
