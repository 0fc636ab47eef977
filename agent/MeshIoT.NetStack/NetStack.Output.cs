namespace MeshIoT.NetStack;

/// <summary>From the protocols to the link, and the timers.</summary>
public sealed partial class NetStack
{
    const int LoopedPerPoll = 64, RoundsPerPoll = 4;
    readonly PacketQueue replies;
    readonly PacketQueue datagrams;
    long timerFloorMs = long.MaxValue;

    /// <summary>When <see cref="Poll"/> next has something to do; 0 = now, long.MaxValue = nothing pending. Polling earlier is harmless, later delays retransmissions.</summary>
    public long NextWakeMs
    {
        get { return replies.Count > 0 || datagrams.Count > 0 || connections.HasReady || HasNotifications ? 0 : timerFloorMs; }
    }

    /// <summary>Writes the next IP packet to send, at most <see cref="Mtu"/> bytes, and returns its length; 0 = none now.</summary>
    public int Poll(long nowMs, byte[] output, int offset)
    {
        NowMs = nowMs;
        if (nowMs >= timerFloorMs)
        {
            RunTimers(nowMs);
        }

        int looped = 0;
        for (int round = 0; round < RoundsPerPoll; round++)
        {
            int length;
            while ((length = NextPacket(output, offset)) > 0)
            {
                if (!IsLooped(output, offset))
                {
                    PacketsSent++;
                    return length;
                }

                InputLooped(output, offset, length);
                if (++looped == LoopedPerPoll)
                {
                    DrainNotifications();
                    return 0;
                }
            }

            if (!HasNotifications)
            {
                break;
            }

            DrainNotifications();
        }

        return 0;
    }

    /// <summary>A socket armed a timer.</summary>
    internal void WakeAt(long atMs)
    {
        if (atMs < timerFloorMs)
        {
            timerFloorMs = atMs;
        }
    }

    int NextPacket(byte[] output, int offset)
    {
        int length = replies.Take(output, offset);
        if (length == 0)
        {
            length = datagrams.Take(output, offset);
        }

        while (length == 0)
        {
            TcpSocket? socket = connections.TakeReady();
            if (socket == null)
            {
                return 0;
            }

            length = socket.Output(NowMs, output, offset);
            if (length > 0)
            {
                connections.MakeReady(socket);
            }
        }

        return length;
    }

    bool IsLooped(byte[] output, int offset)
    {
        return output[offset] >> 4 == 4
            ? FindAddress(output, offset + 16, 4) >= 0
            : FindAddress(output, offset + 24, 16) >= 0;
    }

    /// <summary>Runs what is due and finds the next time again; sockets may leave the table while it is walked, so backwards.</summary>
    void RunTimers(long nowMs)
    {
        timerFloorMs = long.MaxValue;
        for (int i = connections.Count - 1; i >= 0; i--)
        {
            TcpSocket socket = connections.At(i);
            if (socket.NextTimerMs <= nowMs)
            {
                socket.RunTimers(nowMs);
            }

            WakeAt(socket.NextTimerMs);
        }
    }
}
