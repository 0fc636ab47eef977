using System.Diagnostics;
using System.Net;
using System.Threading;
using Xunit;

namespace MeshIoT.Linux.Tests;

public class PollerTests
{
    [Fact]
    public void Wake_ends_a_wait_on_another_thread()
    {
        using Poller poller = new();
        Thread waker = new(() => poller.Wake());
        waker.Start();
        long before = BootClock.NowMs;
        Assert.Equal(0, poller.Wait(long.MaxValue));
        waker.Join();
        Assert.InRange(BootClock.NowMs - before, 0, 5000);
    }

    [Fact]
    public void A_wake_before_the_wait_is_not_lost_and_counts_once()
    {
        using Poller poller = new();
        poller.Wake();
        poller.Wake();
        poller.Wait(long.MaxValue);
        Stopwatch watch = Stopwatch.StartNew();
        poller.Wait(20);
        Assert.InRange(watch.ElapsedMilliseconds, 15, 5000);
    }

    [Fact]
    public void No_wake_is_lost_however_two_threads_wake_at_once()
    {
        // A lost wake shows as a wait that lasts, here 20 s; two hundred thousand of them meet every order of events.
        using Poller poller = new();
        bool stop = false;
        void WakeOn()
        {
            while (!Volatile.Read(ref stop))
            {
                poller.Wake();
            }
        }

        Thread a = new(WakeOn), b = new(WakeOn);
        a.Start();
        b.Start();
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < 200_000 && watch.ElapsedMilliseconds < 15_000; i++)
        {
            poller.Wait(20_000);
        }

        Volatile.Write(ref stop, true);
        a.Join();
        b.Join();
        poller.Wait(0);
        watch.Restart();
        poller.Wake();
        poller.Wait(20_000);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 10_000);
    }

    [Fact]
    public void A_time_that_has_passed_does_not_wait()
    {
        using Poller poller = new();
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(0, poller.Wait(-5));
        Assert.InRange(watch.ElapsedMilliseconds, 0, 1000);
    }

    [Fact]
    public void Only_the_descriptor_with_something_to_read_is_ready()
    {
        using UdpPort quiet = UdpPort.Open(IPAddress.Loopback, 0), busy = UdpPort.Open(IPAddress.Loopback, 0);
        using Poller poller = new(quiet.FileDescriptor, busy.FileDescriptor);
        Assert.Equal(0, poller.Wait(0));
        Assert.False(poller.IsReady(0) || poller.IsReady(1));
        byte[] target = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1, (byte)(busy.LocalPort >> 8), (byte)busy.LocalPort];
        quiet.Send("x"u8, target);
        Assert.Equal(1, poller.Wait(2000));
        Assert.False(poller.IsReady(0));
        Assert.True(poller.IsReady(1));
    }
}
