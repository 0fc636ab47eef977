namespace MeshIoT.Linux.Offload;

/// <summary>
/// On the way to the kernel: joins packets of a conversation that follow each other into one large packet, which costs the kernel once what it would
/// cost for each. Cut again by its rules, the very same bytes come out (but for the identification of IPv4 packets of UDP that are never in pieces,
/// which means nothing). The packets of a conversation keep their order; packets of different ones may overtake each other within a batch. What is
/// neither plain TCP nor plain UDP goes through as it is. data-plane.md section 6.1.
/// </summary>
/// <param name="write">Gets each packet.</param>
sealed unsafe class SegmentJoiner(IPacketWriter write)
{
    // So many conversations at once are joined; with more, the one that waited longest goes.
    const int MostFlows = 8;

    readonly JoinedFlow?[] flows = new JoinedFlow?[MostFlows];
    JoinedFlow? last;
    long count;
    int waiting;

    /// <summary>False: every segment of TCP goes through as it is.</summary>
    internal bool JoinsTcp { get; set; } = true;

    /// <summary>False: every datagram of UDP goes through as it is.</summary>
    internal bool JoinsUdp { get; set; } = true;

    /// <summary>
    /// Takes a packet; it may wait for <see cref="Flush"/>, and until then its bytes stay where they are. The <see cref="VirtioHeader.Size"/> bytes before
    /// it are overwritten.
    /// </summary>
    internal void Add(byte* data, int length)
    {
        if (FlowPacket.TryRead(data, length, out FlowPacket packet, out bool mayBelong))
        {
            if (packet.IsUdp ? JoinsUdp : JoinsTcp)
            {
                Add(packet);
                return;
            }
        }
        else if (mayBelong)
        {
            Flush();
        }

        write.WritePlain(data, length);
    }

    /// <summary>Everything that waits goes.</summary>
    internal void Flush()
    {
        for (int i = 0; waiting > 0 && i < flows.Length; i++)
        {
            Emit(flows[i]);
        }
    }

    void Add(in FlowPacket packet)
    {
        JoinedFlow? flow = Find(packet);
        if (flow is not null && flow.TryAppend(packet))
        {
            flow.LastUsed = ++count;
            if (flow.IsClosed)
            {
                Emit(flow);
            }

            return;
        }

        Emit(flow);
        if ((!packet.IsUdp && (packet.Flags & FlowPacket.Push) != 0) || !JoinedFlow.IsFit(packet))
        {
            write.WritePlain(packet.Data, packet.Length);
            return;
        }

        flow ??= Free();
        flow.Begin(packet);
        flow.LastUsed = ++count;
        last = flow;
        waiting++;
    }

    JoinedFlow? Find(in FlowPacket packet)
    {
        if (last?.IsOf(packet) == true)
        {
            return last;
        }

        for (int i = 0; waiting > 0 && i < flows.Length; i++)
        {
            if (flows[i] is { } flow && flow.IsOf(packet))
            {
                return last = flow;
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
        if (flow is not { Count: > 0 })
        {
            return;
        }

        waiting--;
        if (flow.Count == 1)
        {
            write.WritePlain(flow.First.Data, flow.First.Length);
        }
        else
        {
            write.WriteJoined(flow.Finish(), flow.Count + 1, flow.First.IsUdp);
        }

        flow.Clear();
    }
}
