namespace MeshIoT.NetStack;

/// <summary>Ending a connection: RFC 9293 section 3.6.</summary>
public sealed partial class TcpSocket
{
    /// <summary>No more to send: a FIN follows what is queued. The peer may go on sending.</summary>
    public void CloseWrite(long nowMs)
    {
        stack.NowMs = nowMs;
        if (!CanSend)
        {
            return;
        }

        finQueued = true;
        if (state == TcpState.Established)
        {
            state = TcpState.FinWait1;
        }
        else if (state == TcpState.CloseWait)
        {
            state = TcpState.LastAck;
        }

        MakeReady();
    }

    /// <summary>Ends the connection at once with RST; what was queued or unread is lost.</summary>
    public void Abort()
    {
        Reset(SocketError.ConnectionAborted);
        receiveRing.Free();
    }

    /// <summary>
    /// The owner is done with this socket: no observer is called any more. Closes in order if everything received was
    /// read, else resets (RFC 9293 section 3.6.1); a connection that makes no progress is reset after a minute.
    /// </summary>
    public void Release()
    {
        if (released)
        {
            return;
        }

        released = true;
        Observer = null;
        bool unread = receiveRing.Used > 0;
        switch (state)
        {
            case TcpState.Closed:
                receiveRing.Free();
                return;
            case TcpState.SynSent:
            case TcpState.SynReceived:
                Reset(SocketError.ConnectionAborted);
                return;
            case TcpState.TimeWait:
                receiveRing.Free();
                return;
            default:
                break;
        }

        if (unread)
        {
            Reset(SocketError.ConnectionAborted);
            return;
        }

        CloseWrite(stack.NowMs);
        ArmClose(stack.NowMs + TcpConstants.OrphanMs);
    }

    /// <summary>Tells the peer with RST, if it knows of the connection, and fails with this error.</summary>
    internal void Reset(SocketError error)
    {
        if (state == TcpState.Closed)
        {
            return;
        }

        if (state != TcpState.SynSent && state != TcpState.TimeWait)
        {
            stack.SendReset(this, sndNxt == sndUna ? sndNxt : sndMax, rcvNxt);
        }

        Fail(error);
    }

    /// <summary>Both directions are closed: remember the connection for a while, without its buffers.</summary>
    void EnterTimeWait(long nowMs)
    {
        state = TcpState.TimeWait;
        StopTimers();
        sendRing.Free();
        if (released)
        {
            receiveRing.Free();
        }

        ArmClose(nowMs + stack.Limits.TimeWaitMs);
        stack.Notify(this);
    }
}
