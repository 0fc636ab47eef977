using System;

namespace MeshIoT.NetStack;

/// <summary>What the owner gives to be sent.</summary>
public sealed partial class TcpSocket
{
    bool finQueued;
    bool wantsRoom;

    /// <summary>Bytes <see cref="Send"/> would take now, memory permitting.</summary>
    public int SendRoom
    {
        get { return CanSend ? sendRing.Room : 0; }
    }

    bool CanSend
    {
        get { return !finQueued && (state == TcpState.Established || state == TcpState.CloseWait || state == TcpState.SynSent || state == TcpState.SynReceived); }
    }

    /// <summary>Queues bytes to be sent and returns how many were taken; 0 = full, the observer is told when there is room; -1 = this side is closed.</summary>
    public int Send(byte[] data, int offset, int length, long nowMs)
    {
        stack.NowMs = nowMs;
        if (!CanSend)
        {
            return -1;
        }

        int taken = Math.Min(length, sendRing.Room);
        wantsRoom = taken < length;
        if (taken <= 0)
        {
            return 0;
        }

        if (!sendRing.Place(0, data, offset, taken))
        {
            return SendWithoutMemory(data, offset, length);
        }

        sendRing.Extend(taken);
        MakeReady();
        return taken;
    }

    /// <summary>The ring could not grow: take what fits into what it has, and give up only if it has nothing at all.</summary>
    int SendWithoutMemory(byte[] data, int offset, int length)
    {
        stack.Drop(DropReason.NoMemory);
        if (sendRing.Limit == 0)
        {
            Reset(SocketError.NoResources);
            return -1;
        }

        wantsRoom = true;
        int taken = Math.Min(length, sendRing.Room);
        if (taken > 0 && sendRing.Place(0, data, offset, taken))
        {
            sendRing.Extend(taken);
            MakeReady();
            return taken;
        }

        return 0;
    }
}
