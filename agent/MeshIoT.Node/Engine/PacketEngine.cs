using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Disco;
using MeshIoT.Health;
using MeshIoT.Linux;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.Engine;

/// <summary>
/// The packet engine: one thread that owns the WireGuard device and the host link and blocks in poll(2) over the UDP port, the
/// tunnel and a wake-up event until exactly the next timer. Others reach it by <see cref="Post(EngineWork)"/>; it answers by publishing
/// immutable objects. On the way of a packet nothing is allocated, awaited or locked.
/// <code>
///   UDP port ──► WireGuard ──► source check ──► filter ──► host link (tunnel of the kernel, or stack in this process)
///   UDP port ◄── WireGuard ◄── destination → peer ◄─────── host link
/// </code>
/// Relays are a second port on the left: a packet goes there, or there as well, while no direct path has proved itself.
/// </summary>
internal sealed partial class PacketEngine : IDisposable
{
    const int LargestDatagram = DatagramPort.LargestDatagram;

    // How many packets one side may hand over before the other side and the timers get their turn.
    const int BatchSize = 256;

    // A thread that only moves packets needs little; the default of 8 MiB is address space for nothing.
    const int StackBytes = 256 * 1024;

    readonly DatagramPort udp;
    readonly HostLink host;
    readonly CryptoSuite suite;
    readonly RandomSource random;
    readonly TimestampSource timestamps;
    readonly Poller poller;
    readonly Thread thread;
    readonly ConcurrentQueue<EngineWork> work = new();
    readonly Notifier notifier;
    readonly int networkAt, hostAt;
    volatile bool stopping, stopped;
    bool networkReady = true, hostReady = true;

    /// <summary>
    /// Takes over the port and the link; <see cref="Start"/> begins to move packets. <paramref name="changed"/> is called on a
    /// pool thread after something visible changed. The disco key stays the caller's and outlives the engine.
    /// </summary>
    public PacketEngine(
        DatagramPort udp, HostLink host, CryptoSuite suite, RandomSource random, TimestampSource timestamps, DiscoPrivateKey discoKey, Action changed)
    {
        this.udp = udp;
        this.host = host;
        this.suite = suite;
        this.random = random;
        this.timestamps = timestamps;
        this.discoKey = discoKey;
        notifier = new Notifier(changed);
        Relayed = new RelayInlet(this);
        int[] descriptors = [.. new[] { udp.FileDescriptor, host.FileDescriptor }.Where(static descriptor => descriptor >= 0)];
        networkAt = Array.IndexOf(descriptors, udp.FileDescriptor);
        hostAt = Array.IndexOf(descriptors, host.FileDescriptor);
        poller = new Poller(descriptors);
        thread = new Thread(Loop, StackBytes) { IsBackground = true, Name = "packets" };
    }

    /// <summary>How much is asked of the network to know paths well. Set before <see cref="Start"/>.</summary>
    public DiscoPace Pace { get; init; } = DiscoPace.Default;

    /// <summary>Largest IP packet inside the tunnel, bytes. Set before <see cref="Start"/>. data-plane.md section 1.7.</summary>
    public int Mtu { get; init; } = TailnetNodeOptions.DefaultMtu;

    /// <summary>Why the engine ended by itself; null while it is well.</summary>
    public FaultReport? Failure { get; private set; }

    /// <summary>Boot clock of the round that is running. Engine thread.</summary>
    public long NowMs { get; private set; }

    /// <summary>Starts the thread.</summary>
    public void Start() => thread.Start();

    /// <summary>Has the work done on the engine thread, in order; abandoned when the engine has stopped. Any thread.</summary>
    public void Post(EngineWork item)
    {
        work.Enqueue(item);
        poller.Wake();
        if (stopped)
        {
            AbandonWork();
        }
    }

    /// <summary>Stops the thread and gives back the port and the link.</summary>
    public void Dispose()
    {
        stopping = true;
        poller.Wake();
        if (thread.IsAlive)
        {
            thread.Join();
        }

        stopped = true;
        AbandonWork();
        ReturnBatches();
        lock (work)
        {
            host.Dispose();
        }

        disco?.Dispose();
        udp.Dispose();
        poller.Dispose();
    }

    /// <summary>One round without waiting: work, network, host, timers. True when there is more to do at once.</summary>
    internal bool Step(long nowMs)
    {
        NowMs = nowMs;
        while (work.TryDequeue(out EngineWork? item))
        {
            item.Run(this, nowMs);
        }

        // Where nobody looked, it is asked.
        (bool network, bool machine) = (networkReady, hostReady);
        networkReady = hostReady = true;
        delivered = 0;
        bool more = network && DrainNetwork(nowMs);
        more |= DrainRelays(nowMs);

        // Before it is asked: its acknowledgements are among what it has to say.
        host.Flush();
        more |= (machine || delivered > 0) && DrainHost(nowMs);
        if (device is not null && nowMs >= device.NextWakeMs)
        {
            PumpDevice(nowMs);
            sweepDue = slots.Count > 0;
        }

        disco?.Poll(nowMs);
        PollWatches(nowMs);
        FlushRelays();
        host.Flush();
        udp.Flush();
        if (sweepDue && nowMs - sweptMs >= SweepIntervalMs)
        {
            Sweep(nowMs);
        }

        return more;
    }

    /// <summary>How long nothing is due.</summary>
    internal long WaitMs(long nowMs)
    {
        long next = Math.Min(device?.NextWakeMs ?? long.MaxValue, host.NextWakeMs);
        next = Math.Min(next, disco?.NextWakeMs ?? long.MaxValue);
        next = Math.Min(next, watchMs);
        next = Math.Min(next, sweepDue ? sweptMs + SweepIntervalMs : long.MaxValue);
        return next <= nowMs ? 0 : next - nowMs;
    }

    /// <summary>Tells the observer, soon and on another thread, that something visible changed.</summary>
    internal void NotifyChanged() => notifier.Notify();

    void Loop()
    {
        try
        {
            while (!stopping)
            {
                long nowMs = BootClock.NowMs;
                bool more = Step(nowMs);
                poller.Wait(more || !work.IsEmpty || !relayed.IsEmpty ? 0 : WaitMs(BootClock.NowMs));
                networkReady = networkAt < 0 || poller.IsReady(networkAt);
                hostReady = hostAt < 0 || poller.IsReady(hostAt);
            }
        }
        catch (FaultException e)
        {
            Failure = e.Report;
        }
#pragma warning disable CA1031 // Whatever it is, the person must hear of it: the node cannot work without this thread.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure = Faults.EngineStopped.With($"{e.GetType().Name}: {e.Message}");
        }

        stopped = true;
        AbandonWork();
        ReturnBatches();
        notifier.Notify();
    }

    // The thread is gone, so whoever posts now does this himself: one at a time, as the engine's objects are used to.
    void AbandonWork()
    {
        lock (work)
        {
            while (work.TryDequeue(out EngineWork? item))
            {
                item.Abandon();
            }
        }
    }

    /// <summary>Joins many notifications into few calls on the thread pool, and allocates nothing for them.</summary>
    sealed class Notifier(Action changed) : IThreadPoolWorkItem
    {
        int pending;

        public void Notify()
        {
            if (Interlocked.Exchange(ref pending, 1) == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        public void Execute()
        {
            Volatile.Write(ref pending, 0);
            changed();
        }
    }
}
