using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.NetStack;

namespace MeshIoT.Interop;

/// <summary>Accepts on a port of the stack and runs a handler for each connection.</summary>
internal sealed class StackListener : SocketObserver
{
    readonly StackHost host;
    readonly Func<StackStream, CancellationToken, Task> handle;
    readonly CancellationToken stop;
    TcpListener? listener;

    StackListener(StackHost host, Func<StackStream, CancellationToken, Task> handle, CancellationToken stop)
    {
        this.host = host;
        this.handle = handle;
        this.stop = stop;
    }

    public static void Open(StackHost host, int port, Func<StackStream, CancellationToken, Task> handle, CancellationToken stop)
    {
        StackListener observer = new(host, handle, stop);
        lock (host.Gate)
        {
            observer.listener = host.Stack.Listen(port, 16, observer);
        }
    }

    public override void Changed(TcpSocket socket)
    {
        TcpSocket? accepted;
        while ((accepted = listener?.Accept()) is not null)
        {
            StackStream stream = new(host, accepted);
            _ = Task.Run(() => ServeAsync(stream), stop);
        }
    }

    public override void Changed(UdpSocket socket)
    {
    }

    async Task ServeAsync(StackStream stream)
    {
        try
        {
            await handle(stream, stop);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Net.Sockets.SocketException)
        {
            Console.Error.WriteLine(e.Message);
        }
        finally
        {
            stream.Dispose();
        }
    }
}
