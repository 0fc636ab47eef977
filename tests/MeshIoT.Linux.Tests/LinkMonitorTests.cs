using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Threading;
using MeshIoT.Linux.Watch;
using Xunit;

namespace MeshIoT.Linux.Tests;

/// <summary>ip(8) changes an empty network namespace; the monitor says what happened.</summary>
public class LinkMonitorTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    static string Ip(string arguments) => LinkConfigTests.Ip(arguments);

    // An interface with the other end of its cable beside it, called the same and "-far".
    static void Cable(string name)
    {
        Ip($"link add {name} type veth peer name {name}-far");
        Assert.SkipUnless(Ip("link").Contains(name, StringComparison.Ordinal), "the kernel has no veth interfaces");

        // Or addresses would come, be checked for duplicates and be announced beside what a test does.
        System.IO.File.WriteAllText($"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "1");
        System.IO.File.WriteAllText($"/proc/sys/net/ipv6/conf/{name}-far/disable_ipv6", "1");
        Ip($"link set {name} up");
        Ip($"link set {name}-far up");
    }

    static void Watched(Action<Watch> body, string? own = null) => Isolation.InNetworkNamespace(() =>
    {
        Ip("link set lo up");
        Cable("lan0");
        Ip("address add 192.168.7.2/24 dev lan0");
        Ip("route add default via 192.168.7.1");
        using Watch watch = new(own);
        body(watch);
    });

    [Fact]
    public void The_default_routes_are_listed_in_the_order_the_kernel_uses_them() => Watched(_ =>
    {
        Ip("route add default via 192.168.7.9 metric 50");
        Cable("wan0");
        Ip("link set wan0 down");
        DefaultRoute[] routes = [.. DefaultRoute.List()];
        Assert.Equal([new DefaultRoute(System.Net.Sockets.AddressFamily.InterNetwork, "lan0", IPAddress.Parse("192.168.7.1"), null, 0),
            new DefaultRoute(System.Net.Sockets.AddressFamily.InterNetwork, "lan0", IPAddress.Parse("192.168.7.9"), null, 50)], routes);
        Ip("link set wan0 up");
        Ip("route add default dev wan0 metric 7");
        Assert.Equal(["lan0", "wan0", "lan0"], DefaultRoute.List().Select(r => r.Interface));
        Assert.Equal(["wan0"], DefaultRoute.List("lan0").Select(r => r.Interface));
    });

    [Fact]
    public void An_address_that_comes_and_goes_is_a_major_change() => Watched(watch =>
    {
        Ip("address add 192.168.8.2/24 dev lan0");
        LinkChange change = watch.Next();
        Assert.True(change.IsMajor);
        Assert.Equal(["192.168.8.2"], change.New.Select(a => a.ToString()));
        Assert.Empty(change.Gone);
        Ip("address del 192.168.8.2/24 dev lan0");
        Assert.Equal(["192.168.8.2"], watch.Next().Gone.Select(a => a.ToString()));
    });

    [Fact]
    public void Another_default_route_is_a_major_change() => Watched(watch =>
    {
        Ip("route replace default via 192.168.7.9");
        LinkChange change = watch.Next();
        Assert.True(change is { IsMajor: true, DefaultRouteChanged: true, CarrierUp: false });
        Assert.Empty(change.New.Concat(change.Gone));
    });

    [Fact]
    public void A_pulled_cable_is_told_and_so_is_the_carrier_that_comes_back() => Watched(watch =>
    {
        Ip("link set lan0-far down");
        while (watch.Next().CarrierUp)
        {
            // Of the cable that was put in at the start.
        }

        Ip("link set lan0-far up");
        LinkChange change = watch.Next();
        Assert.True(change is { IsMajor: true, CarrierUp: true });
    });

    [Fact]
    public void An_interface_without_an_address_is_a_minor_change() => Watched(watch =>
    {
        Cable("bare0");
        Assert.False(watch.Next().IsMajor);
    });

    [Fact]
    public void Many_changes_at_once_are_one_event() => Watched(watch =>
    {
        using Process batch = Process.Start(new ProcessStartInfo("ip", "-batch -") { RedirectStandardInput = true })!;
        for (int i = 1; i <= 50; i++)
        {
            batch.StandardInput.WriteLine($"address add 10.9.{i}.1/24 dev lan0");
        }

        batch.StandardInput.Close();
        batch.WaitForExit();
        int seen = 0, events = 0;
        while (seen < 50)
        {
            seen += watch.Next().New.Count;
            events++;
        }

        Assert.InRange(events, 1, 5);
    });

    [Fact]
    public void The_own_tunnel_is_ignored() => Watched(
        watch =>
        {
            using TunDevice tun = TunTests.OpenTun("tun9");
            Ip("link set tun9 up");
            Ip("address add 100.64.0.9/32 dev tun9");
            Ip("route add default dev tun9 metric 9");
            Ip("address add 192.168.8.2/24 dev lan0");
            LinkChange change = watch.Next();
            Assert.Equal(["192.168.8.2"], change.New.Select(a => a.ToString()));
            Assert.False(change.DefaultRouteChanged);
        },
        own: "tun9");

    [Fact]
    public void While_nothing_happens_the_monitor_sleeps() => Watched(watch =>
    {
        Ip("address add 192.168.8.2/24 dev lan0");
        watch.Next();
        bool slept = SpinWait.SpinUntil(
            () =>
            {
                long wakes = watch.Monitor.Wakes;
                Thread.Sleep(1500);
                return wakes == watch.Monitor.Wakes;
            },
            Patience);
        Assert.True(slept, "it wakes up again and again");
    });

    [Fact]
    public void After_sleep_the_change_is_major_and_says_how_long() => Watched(watch =>
    {
        watch.SuspendedMs = 3_600_000;
        Ip("link set lan0-far down");
        LinkChange change = watch.Next();
        Assert.True(change is { IsMajor: true, SleptMs: 3_600_000 });
    });

    [Fact]
    public void Rules_and_routes_that_somebody_removed_are_put_back_and_our_own_doing_is_no_disturbance() => Watched(_ =>
    {
        using TunDevice tun = TunTests.OpenTun("mon0");
        using LinkConfig link = LinkConfig.Open(tun.Name);
        link.Up();
        link.AddRules();
        IPNetwork[] routes = [IPNetwork.Parse("100.64.0.2/32"), IPNetwork.Parse("100.64.0.3/32")];
        link.SetRoutes(routes);
        using SemaphoreSlim repaired = new(0);
        int repairs = 0;
        using LinkMonitor monitor = new(tun.Name, link.NetlinkPort, static _ => { }, () =>
        {
            link.AddRules();
            link.SetRoutes(routes);
            repairs++;
            repaired.Release();
        });

        Ip("rule flush");
        Ip("rule add priority 32766 lookup main");
        Ip("-6 rule del priority 5270");
        Ip("route flush table 52");
        Assert.True(repaired.Wait(Patience));
        SpinWait.SpinUntil(() => Ip("rule").Contains("5270:", StringComparison.Ordinal), Patience);
        Assert.Contains("5210:", Ip("rule"), StringComparison.Ordinal);
        SpinWait.SpinUntil(() => Ip("-6 rule").Contains("5270:", StringComparison.Ordinal), Patience);
        Assert.Contains("5270:", Ip("-6 rule"), StringComparison.Ordinal);
        SpinWait.SpinUntil(() => Ip("route show table 52").Contains("100.64.0.3", StringComparison.Ordinal), Patience);
        Assert.Contains("100.64.0.2", Ip("route show table 52"), StringComparison.Ordinal);

        // What we take away ourselves brings no call.
        Thread.Sleep(600);
        int before = repairs;
        link.SetRoutes([]);
        Thread.Sleep(600);
        Assert.Equal(before, repairs);
    });

    [Fact]
    public void A_clock_that_is_set_is_noticed_without_looking()
    {
        long suspended = 0;
        using ClockWatch watch = new(() => suspended);
        using Poller poller = new(watch.FileDescriptor);
        Assert.Equal(0, poller.Wait(0));
        Assert.Equal(0, watch.TakeSleptMs());
        suspended = 999;
        Assert.Equal(0, watch.TakeSleptMs());
        suspended = 5000;
        Assert.Equal(5000, watch.TakeSleptMs());
        Assert.Equal(0, watch.TakeSleptMs());
        watch.Acknowledge();
        Assert.Equal(0, poller.Wait(0));
    }

    /// <summary>A monitor and what it told.</summary>
    sealed class Watch : IDisposable
    {
        readonly BlockingCollection<LinkChange> told = [];
        long suspendedMs;

        public Watch(string? own) => Monitor = new LinkMonitor(own, 0, told.Add, null, () => Volatile.Read(ref suspendedMs));

        public LinkMonitor Monitor { get; }

        public long SuspendedMs
        {
            set => Volatile.Write(ref suspendedMs, value);
        }

        public LinkChange Next()
        {
            Assert.True(told.TryTake(out LinkChange? change, Patience), "the monitor said nothing");
            return change!;
        }

        public void Dispose()
        {
            Monitor.Dispose();
            told.Dispose();
        }
    }
}
