using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.NetStack;

namespace MeshIoT.Interop;

/// <summary>Joins a connection of the stack with one of the kernel, both ways, half-close included.</summary>
internal sealed class Proxy(StackHost host)
{
    const int BufferSize = 65536;

    // Loopback sends 64 KB segments; into the default 128 KB the kernel drops some while this program is slower than it, and
    // then waits 200 ms for its own retransmission.
    const int KernelBuffer = 4 << 20;

    /// <summary>For each connection the stack accepts: on to the kernel's loopback.</summary>
    public static Func<StackStream, CancellationToken, Task> ToKernel(int port) => async (stream, stop) =>
    {
        using Socket kernel = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = KernelBuffer };
        await kernel.ConnectAsync(IPAddress.Loopback, port, stop);
        await JoinAsync(stream, kernel, stop);
    };

    /// <summary>For each connection to the kernel's loopback: the stack connects to the given address.</summary>
    public async Task FromKernelAsync(int port, byte[] remote, int remotePort, CancellationToken stop)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = KernelBuffer };
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(16);
        while (!stop.IsCancellationRequested)
        {
            Socket kernel = await listener.AcceptAsync(stop);
            _ = Task.Run(() => ConnectAsync(kernel, remote, remotePort, stop), stop);
        }
    }

    async Task ConnectAsync(Socket kernel, byte[] remote, int remotePort, CancellationToken stop)
    {
        TcpSocket socket;
        lock (host.Gate)
        {
            socket = host.Stack.Connect(null, remote, remotePort, StackHost.NowMs, null);
        }

        using StackStream stream = new(host, socket);
        using (kernel)
        {
            host.Wake();
            try
            {
                kernel.NoDelay = true;
                await JoinAsync(stream, kernel, stop);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                await Console.Error.WriteLineAsync(e.Message);
            }
        }
    }

    static Task JoinAsync(StackStream stream, Socket kernel, CancellationToken stop) => Task.WhenAll(ToKernelAsync(stream, kernel, stop), ToStackAsync(stream, kernel, stop));

    static async Task ToKernelAsync(StackStream stream, Socket kernel, CancellationToken stop)
    {
        byte[] buffer = new byte[BufferSize];
        int got;
        while ((got = await stream.ReadAsync(buffer, stop)) > 0)
        {
            for (int sent = 0; sent < got;)
            {
                sent += await kernel.SendAsync(buffer.AsMemory(sent, got - sent), stop);
            }
        }

        kernel.Shutdown(SocketShutdown.Send);
    }

    static async Task ToStackAsync(StackStream stream, Socket kernel, CancellationToken stop)
    {
        byte[] buffer = new byte[BufferSize];
        int got;
        while ((got = await kernel.ReceiveAsync(buffer, stop)) > 0)
        {
            await stream.WriteAsync(buffer, got, stop);
        }

        stream.CloseWrite();
    }
}
