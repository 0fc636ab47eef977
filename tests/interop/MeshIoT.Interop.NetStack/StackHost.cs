using System;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Linux;

namespace MeshIoT.Interop;

/// <summary>
/// One thread that moves packets between the TUN interface and the stack. Everybody else takes <see cref="Gate"/> to call
/// the stack and then <see cref="Wake"/> so that what they queued goes out.
/// </summary>
internal sealed class StackHost : IDisposable
{
    const int Mtu = 1280, Burst = 64;
    readonly TunDevice tun;
    readonly Poller poller;
    readonly Random lossRandom = new(1);
    readonly byte[] packet = new byte[65536];

    public StackHost(string tunName)
    {
        tun = TunDevice.Open(tunName, Mtu);
        poller = new Poller(tun.FileDescriptor);
        NetStack.StackLimits limits = NetStack.StackLimits.Host();
        limits.TimeWaitMs = 2000;
        Stack = new NetStack.NetStack(new SystemRandomSource(), Mtu, limits);
    }

    public Lock Gate { get; } = new();

    public NetStack.NetStack Stack { get; }

    /// <summary>Share of packets lost in each direction, 0 to 1.</summary>
    public double Loss { get; set; }

    public long Lost { get; private set; }

    public static long NowMs => BootClock.NowMs;

    public void Wake() => poller.Wake();

    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            long wait;
            bool more;
            lock (Gate)
            {
                more = Receive();
                Send();
                wait = Stack.NextWakeMs - NowMs;
            }

            if (!more && wait > 0)
            {
                poller.Wait((int)Math.Min(wait, 1000));
            }
        }
    }

    public void Dispose()
    {
        poller.Dispose();
        tun.Dispose();
    }

    bool Receive()
    {
        for (int i = 0; i < Burst; i++)
        {
            int length = tun.Read(packet);
            if (length < 0)
            {
                return false;
            }

            if (!IsLost())
            {
                Stack.Input(packet, 0, length, NowMs);
            }
        }

        return true;
    }

    void Send()
    {
        int length;
        while ((length = Stack.Poll(NowMs, packet, 0)) > 0)
        {
            if (!IsLost())
            {
                tun.Write(packet.AsSpan(0, length));
            }
        }
    }

    bool IsLost()
    {
        bool lost = Loss > 0 && lossRandom.NextDouble() < Loss;
        Lost += lost ? 1 : 0;
        return lost;
    }
}
