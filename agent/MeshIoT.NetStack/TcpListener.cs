namespace MeshIoT.NetStack;

/// <summary>A port that takes connections on all addresses of its stack. Both queues, half-open and finished, hold at most the backlog.</summary>
public sealed class TcpListener
{
    readonly NetStack stack;
    readonly TcpSocket?[] queue;
    int head, count;

    internal TcpListener(NetStack stack, int port, int backlog, SocketObserver? observer)
    {
        this.stack = stack;
        Port = port;
        Observer = observer;
        queue = new TcpSocket?[backlog];
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Told of each connection that can be accepted, and the first observer of each; null = nobody.</summary>
    public SocketObserver? Observer { get; set; }

    /// <summary>True after <see cref="Close"/>.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Connections that wait for <see cref="Accept"/>.</summary>
    public int Waiting
    {
        get { return count; }
    }

    internal int Backlog
    {
        get { return queue.Length; }
    }

    internal int HalfOpen { get; set; }

    internal bool IsFull
    {
        get { return count == queue.Length; }
    }

    /// <summary>The oldest finished connection; null if there is none. Those the peer reset meanwhile without a byte to read are skipped.</summary>
    public TcpSocket? Accept()
    {
        while (count > 0)
        {
            TcpSocket socket = queue[head]!;
            queue[head] = null;
            head = (head + 1) % queue.Length;
            count--;
            if (socket.State != TcpState.Closed || socket.ReceiveAvailable > 0)
            {
                return socket;
            }

            socket.Release();
        }

        return null;
    }

    /// <summary>Takes no more connections and resets those not accepted yet.</summary>
    public void Close()
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        Observer = null;
        stack.Remove(this);
        TcpSocket? socket;
        while ((socket = Accept()) != null)
        {
            socket.Abort();
            socket.Release();
        }
    }

    /// <summary>A half-open connection is established; false if nobody accepts fast enough.</summary>
    internal bool TryQueue(TcpSocket socket)
    {
        if (IsFull)
        {
            return false;
        }

        queue[(head + count) % queue.Length] = socket;
        count++;
        HalfOpen--;
        return true;
    }

    /// <summary>A half-open connection ended.</summary>
    internal void Forget(TcpSocket socket)
    {
        if (socket.Listener == this)
        {
            HalfOpen--;
        }
    }
}
