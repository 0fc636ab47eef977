using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Linux.Netlink;
using MeshIoT.Linux.Watch;

namespace MeshIoT.Linux;

/// <summary>
/// Watches the machine's network on a thread of its own that sleeps while nothing happens: interfaces, addresses, default routes (one event
/// for what comes together), sleep and a set clock, and whether somebody removed our rules and routes. rtnetlink(7), no rights needed.
/// </summary>
public sealed class LinkMonitor : IDisposable
{
    const uint Groups = RtNetlink.NoticeLinks | RtNetlink.NoticeAddresses4 | RtNetlink.NoticeRoutes4 | RtNetlink.NoticeRules4
        | RtNetlink.NoticeAddresses6 | RtNetlink.NoticeRoutes6 | RtNetlink.NoticeRules6;
    const int StackBytes = 256 * 1024;

    readonly NetlinkListener listener;
    readonly NetlinkSocket netlink;
    readonly ClockWatch clock;
    readonly Poller poller;
    readonly NoticeReader reader;
    readonly Thread thread;
    readonly string? ownInterface;
    readonly Action<LinkChange> changed;
    readonly Action? disturbed;
    readonly Debounce network = new(quietMs: 250, mostMs: 1000), repair = new(quietMs: 250, mostMs: 1000);

    // data-plane.md section 6.2: ten in five seconds.
    readonly Allowance repairs = new(10, 5000);
    NetworkSnapshot known;
    volatile bool stopping;

    /// <summary>
    /// Begins to watch. Throws a <see cref="FaultException"/> where the kernel does not talk about its network.
    /// </summary>
    /// <param name="ownInterface">The tunnel, whose own changes are no events; null: there is none.</param>
    /// <param name="ownPort">The <see cref="LinkConfig.NetlinkPort"/> whose doings are not somebody else's; 0: none.</param>
    /// <param name="changed">The machine's network changed. On the monitor's thread: be quick, never throw.</param>
    /// <param name="disturbed">
    /// Somebody removed rules or routes of the tailnet: put them back. At most ten times in five seconds. Same thread, same promise.
    /// </param>
    public LinkMonitor(string? ownInterface, uint ownPort, Action<LinkChange> changed, Action? disturbed = null)
        : this(ownInterface, ownPort, changed, disturbed, static () => BootClock.SuspendedMs)
    {
    }

    internal LinkMonitor(string? ownInterface, uint ownPort, Action<LinkChange> changed, Action? disturbed, Func<long> suspendedMs)
    {
        this.ownInterface = ownInterface;
        this.changed = changed;
        this.disturbed = disturbed;
        reader = new NoticeReader(ownInterface) { OwnPort = ownPort };
        listener = new NetlinkListener(Groups);
        try
        {
            netlink = new NetlinkSocket();
            clock = new ClockWatch(suspendedMs);
            poller = new Poller(listener.FileDescriptor, clock.FileDescriptor);
            known = TakeSnapshot();
        }
        catch
        {
            poller?.Dispose();
            clock?.Dispose();
            netlink?.Dispose();
            listener.Dispose();
            throw;
        }

        thread = new Thread(Loop, StackBytes) { IsBackground = true, Name = "links" };
        thread.Start();
    }

    /// <summary>How often the thread has woken up since the start. It does so when something happens, and once an hour.</summary>
    public long Wakes { get; private set; }

    /// <summary>Stops watching; no call is under way any more when this returns, unless it is made from one.</summary>
    public void Dispose()
    {
        stopping = true;
        poller.Wake();
        if (thread != Thread.CurrentThread)
        {
            thread.Join();
            poller.Dispose();
            clock.Dispose();
            netlink.Dispose();
            listener.Dispose();
        }
    }

    void Loop()
    {
        while (!stopping)
        {
            long nowMs = BootClock.NowMs;
            long due = Math.Min(network.DueMs, repair.DueMs == long.MaxValue ? long.MaxValue : Math.Max(repair.DueMs, repairs.FreeAtMs));
            poller.Wait(due == long.MaxValue ? long.MaxValue : due - nowMs);
            Wakes++;
            if (!stopping)
            {
                Look(BootClock.NowMs);
            }
        }
    }

    void Look(long nowMs)
    {
        bool clockSet = poller.IsReady(1);
        if (clockSet)
        {
            clock.Acknowledge();
        }

        Drain(nowMs);
        long slept = clock.TakeSleptMs();
        bool due = network.TryTake(nowMs);
        LinkChange? change = due || slept > 0 ? Compare() : null;
        if (slept > 0 || clockSet)
        {
            change = (change ?? new LinkChange()) with { SleptMs = slept, ClockSet = clockSet, IsMajor = slept > 0 || change is { IsMajor: true } };
        }

        if (change is not null)
        {
            changed(change);
        }

        if (nowMs >= repair.DueMs && repairs.TryTake(nowMs) && repair.TryTake(nowMs))
        {
            disturbed?.Invoke();
        }
    }

    void Drain(long nowMs)
    {
        while (listener.TryReceive(out ReadOnlySpan<byte> datagram, out bool lost))
        {
            LinkNews news = lost ? LinkNews.Network | LinkNews.Disturbed : reader.Read(datagram);
            if ((news & LinkNews.Network) != 0)
            {
                network.Note(nowMs);
            }

            if ((news & LinkNews.Disturbed) != 0 && disturbed is not null)
            {
                repair.Note(nowMs);
            }
        }
    }

    LinkChange? Compare()
    {
        try
        {
            NetworkSnapshot now = TakeSnapshot();
            LinkChange? change = known.CompareTo(now);
            known = now;
            return change;
        }
        catch (FaultException)
        {
            // The kernel is busy; the next notice, or this one's repetition, finds what changed.
            network.Note(BootClock.NowMs);
            return null;
        }
    }

    NetworkSnapshot TakeSnapshot()
    {
        Dictionary<uint, LinkMessage> links = LocalAddresses.ListLinks(netlink);
        foreach (LinkMessage link in links.Values)
        {
            reader.Know(link);
        }

        return NetworkSnapshot.Take(netlink, ownInterface, links);
    }
}
