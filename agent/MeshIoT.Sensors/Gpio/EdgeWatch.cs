using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Linux;
using MeshIoT.Linux.Gpio;

namespace MeshIoT.Sensors.Gpio;

/// <summary>
/// The thread that waits for the edges of a chip's lines. It sleeps in poll(2) while nothing happens, and exists only once somebody wants edges.
/// </summary>
internal sealed class EdgeWatch : IDisposable
{
    readonly object gate = new();
    readonly Action<GpioLine, GpioEdge> tell;
    readonly List<GpioLine> wanted = [];
    readonly Thread thread;
    Poller poller = new();
    GpioLine[] watched = [];
    int version, seen;
    bool isOver;

    /// <param name="tell">Told of every edge, on this object's thread; must be quick and must not throw.</param>
    /// <param name="name">The thread's name.</param>
    public EdgeWatch(Action<GpioLine, GpioEdge> tell, string name)
    {
        this.tell = tell;
        thread = new Thread(Run, 128 * 1024) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Watches this line too; nothing happens when it is watched already.</summary>
    public void Add(GpioLine line)
    {
        lock (gate)
        {
            if (!wanted.Contains(line))
            {
                wanted.Add(line);
                version++;
                poller.Wake();
            }
        }
    }

    /// <summary>Watches this line no more. When this returns, nothing waits on its descriptor: it may be closed.</summary>
    public void Remove(GpioLine line)
    {
        lock (gate)
        {
            if (wanted.Remove(line))
            {
                version++;
                poller.Wake();
            }

            // Also when it was taken out before, because its chip is gone: the thread may not have come round yet.
            while (seen != version && !isOver && Thread.CurrentThread != thread)
            {
                Monitor.Wait(gate);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            poller.Wake();
            Monitor.PulseAll(gate);
        }

        if (Thread.CurrentThread != thread)
        {
            thread.Join();
        }

        poller.Dispose();
    }

    void Run()
    {
        GpioEdge[] edges = new GpioEdge[16];
        while (true)
        {
            lock (gate)
            {
                if (isOver)
                {
                    return;
                }

                if (seen != version)
                {
                    Poller before = poller;
                    watched = [.. wanted];
                    poller = new Poller(Array.ConvertAll(watched, static line => line.FileDescriptor));
                    before.Dispose();
                    seen = version;
                    Monitor.PulseAll(gate);
                }
            }

            if (poller.Wait(long.MaxValue) == 0)
            {
                continue;
            }

            for (int i = 0; i < watched.Length; i++)
            {
                if (poller.IsReady(i))
                {
                    Take(watched[i], edges);
                }
            }
        }
    }

    void Take(GpioLine line, GpioEdge[] edges)
    {
        int count = line.ReadEdges(edges);
        for (int n = 0; n < count; n++)
        {
            tell(line, edges[n]);
        }

        if (count == 0)
        {
            // The chip is gone (a USB one was pulled): never ready again rather than always.
            lock (gate)
            {
                wanted.Remove(line);
                version++;
            }
        }
    }
}
