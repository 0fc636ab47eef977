using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <summary>
/// One thread that waits for many descriptors (epoll), for times, and for work from other threads. What its targets have to write is
/// written when everything that was ready has been read: under load many packets share a record and a system call, at rest nothing waits.
/// </summary>
internal sealed unsafe class EventLoop : IDisposable
{
    const int MaxEvents = 128, LongestWaitMs = 60_000, CostlyMs = 2;

    readonly int epoll, wake;
    readonly Thread thread;
    readonly ConcurrentQueue<Action> posted = new();
    readonly PriorityQueue<Slot, long> times = new();
    readonly List<Slot?> slots = [];
    readonly Stack<int> free = new();
    readonly List<Session> dirty = [], dirtyNow = [];
    readonly Queue<Slot> again = new();
    readonly List<(Slot Slot, uint Events)> costly = [];
    readonly Func<long> clock;
    int isAwake;
    volatile bool stopping;

    public EventLoop(string name, Func<long> clock)
    {
        this.clock = clock;
        epoll = Libc.EpollCreate(Libc.CloseOnExec);
        wake = Libc.EventFd(0, Libc.CloseOnExec | Libc.NonBlock);
        if (epoll < 0 || wake < 0)
        {
            throw new InvalidOperationException("epoll_create1 or eventfd failed: no descriptors left");
        }

        byte* entry = stackalloc byte[EpollEntries.MaxSize];
        EpollEntries.Write(entry, Libc.EpollIn, -1);
        _ = Libc.EpollControl(epoll, Libc.EpollAdd, wake, entry);
        NowMs = clock();
        thread = new Thread(Run, 512 * 1024) { Name = name, IsBackground = true };
    }

    /// <summary>The time of the current round, in milliseconds of the clock given.</summary>
    public long NowMs { get; private set; }

    /// <summary>Where this loop's targets put what they have read; nobody keeps anything in it between two calls.</summary>
    public byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(DerpFrames.LargestHandled + TlsInput.Size + TlsInput.LongestRecord, pinned: true);

    /// <summary>Where this loop's TLS connections get their bytes from; null until the first.</summary>
    public TlsInput? Input { get; set; }

    /// <summary>What happens on this thread is counted here.</summary>
    public RelayCounters Counters { get; } = new();

    public void Start() => thread.Start();

    /// <summary>Runs <paramref name="action"/> on this loop's thread, soon. From any thread.</summary>
    public void Post(Action action)
    {
        posted.Enqueue(action);
        if (Interlocked.Exchange(ref isAwake, 1) == 0)
        {
            ulong one = 1;
            _ = Libc.Write(wake, (byte*)&one, sizeof(ulong));
        }
    }

    /// <summary>Begins to watch a descriptor. On this thread.</summary>
    public Slot Add(int descriptor, IReady target, uint interest)
    {
        if (!free.TryPop(out int index))
        {
            index = slots.Count;
            slots.Add(null);
        }

        Slot slot = new(index, descriptor, target) { Interest = interest };
        slots[index] = slot;
        Control(Libc.EpollAdd, slot);
        return slot;
    }

    /// <summary>Changes what is waited for. From any thread that holds the target's lock.</summary>
    public void Watch(Slot slot, uint interest)
    {
        if (slot.Interest != interest && !slot.IsRemoved)
        {
            slot.Interest = interest;
            Control(Libc.EpollModify, slot);
        }
    }

    /// <summary>Stops watching; the descriptor is then the caller's to close. On this thread.</summary>
    public void Remove(Slot slot)
    {
        if (!slot.IsRemoved)
        {
            slot.IsRemoved = true;
            slots[slot.Index] = null;
            free.Push(slot.Index);
            Control(Libc.EpollDelete, slot);
        }
    }

    /// <summary>Calls the target back at <paramref name="dueMs"/>, or earlier if it asked for that before. On this thread.</summary>
    public void CallAt(Slot slot, long dueMs)
    {
        slot.DueMs = dueMs;
        if (dueMs < slot.QueuedMs && !slot.IsRemoved)
        {
            slot.QueuedMs = dueMs;
            times.Enqueue(slot, dueMs);
        }
    }

    /// <summary>The session has something to write when this round is over. On this thread.</summary>
    public void WriteLater(Session session) => dirty.Add(session);

    /// <summary>The target has more to read than the socket will tell of: it is called again in the next round. On this thread.</summary>
    public void ReadAgain(Slot slot) => again.Enqueue(slot);

    /// <summary>Everything that is watched. On this thread.</summary>
    public IReadOnlyList<IReady> Targets => [.. slots.OfType<Slot>().Select(s => s.Target)];

    /// <summary>Ends the thread after what has been posted.</summary>
    public void Dispose()
    {
        Post(() => stopping = true);
        if (thread.IsAlive && Thread.CurrentThread != thread)
        {
            thread.Join();
        }
    }

    void Run()
    {
        byte* entries = stackalloc byte[MaxEvents * EpollEntries.MaxSize];
        while (!stopping)
        {
            int count = Libc.EpollWait(epoll, entries, MaxEvents, WaitMs());
            NowMs = clock();
            for (int i = 0; i < count; i++)
            {
                (uint events, int index) = EpollEntries.Read(entries, i);
                if (index < 0)
                {
                    RunPosted();
                }
                else if (slots[index] is { Target.IsCostly: true } slot)
                {
                    costly.Add((slot, events));
                }
                else
                {
                    Call(slots[index], events);
                }
            }

            for (int i = again.Count; i > 0; i--)
            {
                Call(again.Dequeue(), Libc.EpollIn);
            }

            RunTimes();
            WriteDirty();
            CallCostly();
        }

        Input?.Dispose();
        _ = Libc.Close(epoll);
        _ = Libc.Close(wake);
    }

    // Handshakes take what time is left: who has to wait is announced again in the next round, after the packets of that.
    void CallCostly()
    {
        long end = costly.Count > 0 ? clock() + CostlyMs : 0;
        foreach ((Slot slot, uint events) in costly)
        {
            Call(slot, events);
            if (clock() >= end)
            {
                break;
            }
        }

        costly.Clear();
        WriteDirty();
    }

    void WriteDirty()
    {
        while (dirty.Count > 0)
        {
            dirtyNow.AddRange(dirty);
            dirty.Clear();
            foreach (Session session in dirtyNow)
            {
                session.WriteOut(this);
            }

            dirtyNow.Clear();
        }
    }

    void RunPosted()
    {
        ulong count;
        _ = Libc.Read(wake, (byte*)&count, sizeof(ulong));
        Volatile.Write(ref isAwake, 0);
        Thread.MemoryBarrier();
        while (posted.TryDequeue(out Action? action))
        {
            action();
        }
    }

    void RunTimes()
    {
        while (times.TryPeek(out Slot? slot, out long at) && at <= NowMs)
        {
            times.Dequeue();
            if (slot.QueuedMs == at)
            {
                slot.QueuedMs = long.MaxValue;
            }

            if (!slot.IsRemoved)
            {
                CallAt(slot, slot.DueMs <= NowMs ? slot.Target.OnTime(NowMs) : slot.DueMs);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "a mistake that one connection brings to light must not end thousands")]
    static void Call(Slot? slot, uint events)
    {
        if (slot is { IsRemoved: false })
        {
            try
            {
                slot.Target.OnReady(events);
            }
            catch (Exception e)
            {
                slot.Target.OnFailure(e);
            }
        }
    }

    int WaitMs() =>
        again.Count > 0 ? 0
        : times.TryPeek(out _, out long at) ? (int)Math.Clamp(at - NowMs, 0, LongestWaitMs)
        : LongestWaitMs;

    void Control(int operation, Slot slot)
    {
        byte* entry = stackalloc byte[EpollEntries.MaxSize];
        EpollEntries.Write(entry, slot.Interest, slot.Index);
        _ = Libc.EpollControl(epoll, operation, slot.Descriptor, entry);
    }
}
