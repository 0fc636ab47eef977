using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.NetStack;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Userspace;

/// <content>The engine thread's half: everything below runs there, but for what says otherwise.</content>
internal sealed partial class UserspaceStream
{
    readonly TaskCompletionSource<SocketError> connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly StackLink link;
    TcpSocket? socket;
    bool finSent;

    UserspaceStream(PacketEngine engine, StackLink link)
    {
        this.engine = engine;
        this.link = link;
        pump = new PumpWork(this);
    }

    /// <summary>Any thread: begins a connection; the task says how it went, and is cancelled with the token.</summary>
    public static async Task<(UserspaceStream? Stream, SocketError Error)> ConnectAsync(
        PacketEngine engine, StackLink link, IPAddress remote, int port, CancellationToken ct)
    {
        UserspaceStream stream = new(engine, link);
        engine.Post(new ConnectWork(stream, remote.GetAddressBytes(), port));
        SocketError error;
        try
        {
            error = await stream.connected.Task.WaitAsync(ct);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        if (error == SocketError.None)
        {
            return (stream, error);
        }

        stream.Dispose();
        return (null, error);
    }

    /// <summary>A connection the stack has accepted.</summary>
    public static UserspaceStream FromAccepted(PacketEngine engine, StackLink link, TcpSocket socket)
    {
        UserspaceStream stream = new(engine, link);
        stream.Attach(socket);
        return stream;
    }

    /// <summary>Moves what can be moved, both ways, and notes what has become of the connection.</summary>
    public void Pump()
    {
        if (socket is null)
        {
            return;
        }

        Receive();
        Send();
        SocketError error = socket.Error;
        if (error != SocketError.None)
        {
            End(error);
            return;
        }

        if (socket.State is not (TcpState.SynSent or TcpState.SynReceived or TcpState.Closed))
        {
            connected.TrySetResult(SocketError.None);
        }

        if (disposed && finSent)
        {
            Detach();
        }
    }

    /// <summary>The stack is going away, or was never there.</summary>
    public void End(SocketError error)
    {
        failure = error;
        connected.TrySetResult(error);
        Detach();
        readable.Set();
        writable.Set();
    }

    /// <summary>Any thread: resets a disposed connection that has not got rid of its last bytes.</summary>
    void GiveUp() => engine.Post(new GiveUpWork(this));

    void Attach(TcpSocket opened)
    {
        socket = opened;
        opened.Tag = this;
        opened.KeepAlive = true;
        link.Streams.Add(this);
        Pump();
    }

    // The stack sees the connection to its end by itself.
    void Detach()
    {
        if (socket is not null)
        {
            socket.Tag = null;
            socket.Release();
            socket = null;
            link.Streams.Remove(this);
        }
    }

    void Receive()
    {
        bool any = false;
        while (!endOfStream && !disposed)
        {
            int room = received.FreeSegment(out int offset);
            if (room == 0)
            {
                // Say so first, then look again: the reader may have made room in between.
                Volatile.Write(ref receiveStalled, 1);
                Interlocked.MemoryBarrier();
                if (received.Free == 0)
                {
                    break;
                }

                continue;
            }

            int count = socket!.Receive(received.Buffer, offset, room, engine.NowMs);
            if (count > 0)
            {
                received.Commit(count);
            }
            else if (count < 0)
            {
                endOfStream = true;
            }
            else
            {
                break;
            }

            any = true;
        }

        if (any)
        {
            readable.Set();
        }
    }

    void Send()
    {
        // The flag before the ring: what was written before the close is in the ring by then.
        bool closing = writeClosed, any = false;
        int count;
        while ((count = sending.DataSegment(out int offset)) > 0)
        {
            int taken = socket!.Send(sending.Buffer, offset, count, engine.NowMs);
            if (taken <= 0)
            {
                break;
            }

            sending.Consume(taken);
            any = true;
        }

        if (any)
        {
            writable.Set();
        }

        if (closing && count == 0 && !finSent && socket!.Error == SocketError.None)
        {
            finSent = true;
            socket.CloseWrite(engine.NowMs);
        }
    }

    /// <summary>Asks for a <see cref="Pump"/>; many requests before it runs are one.</summary>
    sealed class PumpWork(UserspaceStream stream) : EngineWork
    {
        int requested;

        /// <summary>Any thread.</summary>
        public void Request()
        {
            if (Interlocked.Exchange(ref requested, 1) == 0)
            {
                stream.engine.Post(this);
            }
        }

        public override void Run(PacketEngine engine, long nowMs)
        {
            Interlocked.Exchange(ref requested, 0);
            stream.Pump();
        }

        public override void Abandon() => stream.End(SocketError.ConnectionAborted);
    }

    sealed class GiveUpWork(UserspaceStream stream) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs)
        {
            stream.socket?.Abort();
            stream.End(SocketError.ConnectionAborted);
        }
    }

    sealed class ConnectWork(UserspaceStream stream, byte[] remote, int port) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs)
        {
            if (stream.disposed)
            {
                return;
            }

            stream.Attach(stream.link.Stack.Connect(null, remote, port, nowMs, stream.link.Observer));
        }

        public override void Abandon() => stream.End(SocketError.ConnectionAborted);
    }
}
