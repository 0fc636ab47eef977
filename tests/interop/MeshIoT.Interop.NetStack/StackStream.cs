using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.NetStack;

namespace MeshIoT.Interop;

/// <summary>A connection of the stack as a stream; its own observer wakes readers and writers.</summary>
internal sealed class StackStream : IDisposable
{
    readonly StackHost host;
    readonly TcpSocket socket;
    readonly SemaphoreSlim changed = new(0, 1), changedForWriter = new(0, 1);

    public StackStream(StackHost host, TcpSocket socket)
    {
        this.host = host;
        this.socket = socket;
        socket.Observer = new Signal(this);
    }

    /// <summary>0 = end of the stream.</summary>
    public async Task<int> ReadAsync(byte[] buffer, CancellationToken stop)
    {
        while (true)
        {
            int got;
            lock (host.Gate)
            {
                got = socket.Receive(buffer, 0, buffer.Length, StackHost.NowMs);
                if (got < 0 && socket.Error != SocketError.None)
                {
                    throw new IOException($"connection ended: {socket.Error}");
                }
            }

            if (got != 0)
            {
                host.Wake();
                return Math.Max(got, 0);
            }

            await changed.WaitAsync(stop);
        }
    }

    public async Task WriteAsync(byte[] data, int length, CancellationToken stop)
    {
        int sent = 0;
        while (sent < length)
        {
            int taken;
            lock (host.Gate)
            {
                taken = socket.Send(data, sent, length - sent, StackHost.NowMs);
            }

            if (taken < 0)
            {
                throw new IOException($"connection ended: {socket.Error}");
            }

            sent += taken;
            host.Wake();
            if (taken == 0)
            {
                await changedForWriter.WaitAsync(stop);
            }
        }
    }

    public void CloseWrite()
    {
        lock (host.Gate)
        {
            socket.CloseWrite(StackHost.NowMs);
        }

        host.Wake();
    }

    public void Dispose()
    {
        lock (host.Gate)
        {
            socket.Release();
        }

        host.Wake();
    }

    sealed class Signal(StackStream owner) : SocketObserver
    {
        public override void Changed(TcpSocket socket)
        {
            Set(owner.changed);
            Set(owner.changedForWriter);
        }

        public override void Changed(UdpSocket socket)
        {
        }

        static void Set(SemaphoreSlim semaphore)
        {
            if (semaphore.CurrentCount == 0)
            {
                semaphore.Release();
            }
        }
    }
}
