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

        int wanted = Math.Min(length, sendRing.Room), taken = sendRing.Place(0, data, offset, wanted);
        wantsRoom = taken < length;
        if (taken < wanted)
        {
            stack.Drop(DropReason.NoMemory);
            if (sendRing.Limit == 0)
            {
                Reset(SocketError.NoResources);
                return -1;
            }
        }

        if (taken > 0)
        {
            sendRing.Extend(taken);
            MakeReady();
        }

        return taken;
    }
}
