using System;
using System.Net;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.NetStack;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Userspace;

/// <summary>
/// A listening port of our own stack. Connections wait here, at most <see cref="Waiting"/>, then in the stack's backlog, then
/// the stack refuses them.
/// </summary>
internal sealed class UserspaceListener : TailnetListener
{
    const int Waiting = 64, Backlog = 64;

    readonly Channel<TailnetConnection> accepted = Channel.CreateUnbounded<TailnetConnection>(
        new UnboundedChannelOptions { SingleWriter = true });

    readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly PacketEngine engine;
    readonly StackLink link;
    TcpListener? listener;
    int waiting;

    UserspaceListener(PacketEngine engine, StackLink link, int port)
    {
        this.engine = engine;
        this.link = link;
        Port = port;
    }

    /// <inheritdoc/>
    public override int Port { get; }

    /// <summary>Opens the port; the wait for the engine thread is short. Throws listen-port-in-use, not-in-tailnet.</summary>
    public static UserspaceListener Open(PacketEngine engine, StackLink link, int port)
    {
        UserspaceListener listener = new(engine, link, port);
        engine.Post(new Work(listener, static self => self.OpenPort()));
        listener.opened.Task.GetAwaiter().GetResult();
        return listener;
    }

    /// <inheritdoc/>
    public override async ValueTask<TailnetConnection> AcceptAsync(CancellationToken ct)
    {
        TailnetConnection connection;
        try
        {
            connection = await accepted.Reader.ReadAsync(ct);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(TailnetListener));
        }

        if (Interlocked.Decrement(ref waiting) == Waiting - 1)
        {
            engine.Post(new Work(this, static self => self.Accept()));
        }

        return connection;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        engine.Post(new Work(this, static self => self.ClosePort()));
        return ValueTask.CompletedTask;
    }

    /// <summary>Engine thread: takes what the stack has accepted.</summary>
    public void Accept()
    {
        while (listener is not null && Volatile.Read(ref waiting) < Waiting && listener.Accept() is { } socket)
        {
            IPEndPoint remote = new(new IPAddress(socket.RemoteAddress), socket.RemotePort);
            Interlocked.Increment(ref waiting);
            accepted.Writer.TryWrite(new TailnetConnection(UserspaceStream.FromAccepted(engine, link, socket), remote));
        }
    }

    void OpenPort()
    {
        try
        {
            listener = link.Stack.Listen(Port, Backlog, new Observer(this));
            opened.TrySetResult();
        }
        catch (InvalidOperationException)
        {
            opened.TrySetException(Faults.ListenPortInUse.With(Port).ToException());
        }
    }

    void ClosePort()
    {
        listener?.Close();
        listener = null;
        opened.TrySetException(Faults.NotInTailnet.With().ToException());
        accepted.Writer.TryComplete();
        while (accepted.Reader.TryRead(out TailnetConnection? connection))
        {
            connection.Dispose();
        }
    }

    // The stack tells a listener's observer of its connections, before and after they are accepted.
    sealed class Observer(UserspaceListener listener) : SocketObserver
    {
        public override void Changed(TcpSocket socket)
        {
            if (socket.Tag is UserspaceStream stream)
            {
                stream.Pump();
            }
            else
            {
                listener.Accept();
            }
        }

        public override void Changed(UdpSocket socket)
        {
        }
    }

    sealed class Work(UserspaceListener listener, Action<UserspaceListener> action) : EngineWork
    {
        public override void Run(PacketEngine engine, long nowMs) => action(listener);

        public override void Abandon() => listener.ClosePort();
    }
}
