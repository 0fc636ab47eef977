using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Linux;
using MeshIoT.PortMap;

namespace MeshIoT.Node.Network;

/// <summary>
/// Gives a <see cref="PortMapper"/> its sockets, its clock and its network. It works on the thread pool when something arrives or is due, apart
/// from packets; while a mapping holds that is once an hour. Any thread may call.
/// </summary>
internal sealed class PortMapService : IAsyncDisposable
{
    const int AnnouncementPort = 5350, NoticePort = 1900, LargestDatagram = 4096;
    static readonly IPAddress NoticeGroup = IPAddress.Parse("239.255.255.250");
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    readonly Func<int, PortMapNetwork?> find;
    readonly Action<PortMapState> changed;
    readonly PortMapper mapper;
    readonly Timer timer;
    readonly HashSet<Task> requests = [];
    PortMapNetwork? network;
    CancellationTokenSource? attached;
    Socket? talk, notices;
    GatewayHttp? http;
    PortMapState told = PortMapState.None;
    bool running, disposed;
    int port;

    /// <summary>
    /// A service that does nothing until <see cref="Run"/>. <paramref name="changed"/> is called on a pool thread, in order, when something is news;
    /// it must not call back.
    /// </summary>
    /// <param name="find">Finds the router and our address for a local port; null: there is none to ask.</param>
    /// <param name="port">The local UDP port.</param>
    /// <param name="nonce">12 secret bytes, the same after each start.</param>
    /// <param name="random">For another port where ours is taken.</param>
    /// <param name="changed">What is new.</param>
    public PortMapService(Func<int, PortMapNetwork?> find, int port, byte[] nonce, RandomSource random, Action<PortMapState> changed)
    {
        this.find = find;
        this.port = port;
        this.changed = changed;
        mapper = new PortMapper(nonce, random);
        timer = new Timer(static service => ((PortMapService)service!).OnTimer(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>What the router does for us now.</summary>
    public PortMapState Current => Volatile.Read(ref told);

    /// <summary>Whether a mapping is wanted. Without: the one there is, is given back.</summary>
    public void Run(bool wanted)
    {
        lock (gate)
        {
            if (running != wanted && !disposed)
            {
                running = wanted;
                Attach(verify: false);
            }
        }
    }

    /// <summary>
    /// The machine's network may be another one. <paramref name="verify"/>: even if it is not, the router may have forgotten us (a carrier that
    /// was gone, a long sleep).
    /// </summary>
    public void LinkChanged(bool verify)
    {
        lock (gate)
        {
            if (running && !disposed)
            {
                Attach(verify);
            }
        }
    }

    /// <summary>The UDP port is another one now.</summary>
    public void UsePort(int now)
    {
        lock (gate)
        {
            port = now;
            if (running && !disposed)
            {
                Attach(verify: false);
            }
        }
    }

    /// <summary>Gives the mapping back, waiting two seconds for it at most.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] last;
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            running = false;
            Attach(verify: false);
            disposed = true;
            last = [.. requests];
        }

        try
        {
            await Task.WhenAll(last).WaitAsync(Farewell);
        }
        catch (TimeoutException)
        {
            // The router keeps the mapping until it expires.
        }

        await timer.DisposeAsync();
    }

    // Gate held, as in all that follows until ReceiveAsync.
    void Attach(bool verify)
    {
        PortMapNetwork? now = running ? find(port) : null;
        if (!Equals(now, network))
        {
            if (!running)
            {
                mapper.Stop();
                Pump();
            }

            // Another port at the same place: the way out is needed once more, for the farewell.
            bool samePlace = now is not null && network is not null && now.Gateway.Equals(network.Gateway) && now.Local.Equals(network.Local);
            if (!samePlace)
            {
                Detach();
            }

            network = now;
            if (now is not null && !samePlace && !TryOpen(now))
            {
                now = network = null;
            }

            mapper.UseNetwork(now, BootClock.NowMs);
        }
        else if (verify)
        {
            mapper.Verify(BootClock.NowMs);
        }

        Settle();
    }

    bool TryOpen(PortMapNetwork place)
    {
        attached = new CancellationTokenSource();
        try
        {
            talk = MarkedSocket.OpenUdp(new IPEndPoint(place.Local, 0));
            talk.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, place.Local.GetAddressBytes());
            talk.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 2);
        }
        catch (SocketException)
        {
            // The address went in this very moment; the next notice of the kernel brings us back.
            Detach();
            return false;
        }

        http = new GatewayHttp(place);
        _ = ReceiveAsync(talk, attached.Token);
        if (TryListen(() => MarkedSocket.OpenUdp(new IPEndPoint(IPAddress.Any, AnnouncementPort), shared: true)) is { } announcements)
        {
            _ = ReceiveAsync(announcements, attached.Token);
        }

        return true;
    }

    // What a router says by itself is a help, not a need: somebody else may have the port for himself.
    static Socket? TryListen(Func<Socket> open)
    {
        try
        {
            return open();
        }
        catch (SocketException)
        {
            return null;
        }
    }

    void Detach()
    {
        attached?.Cancel();
        attached?.Dispose();
        attached = null;
        talk = null;
        CloseNotices();
        GatewayHttp? old = http;
        http = null;
        if (old is not null)
        {
            // Requests on their way, the farewell among them, still need it.
            _ = Task.WhenAll(requests).ContinueWith(_ => old.Dispose(), TaskScheduler.Default);
        }
    }

    void CloseNotices()
    {
        notices?.Dispose();
        notices = null;
    }

    void Settle()
    {
        Pump();
        if (mapper.WantsNotices != (notices is not null) && attached is { } here && network is { } place)
        {
            CloseNotices();
            notices = mapper.WantsNotices
                ? TryListen(() => MarkedSocket.OpenGroup(new IPEndPoint(NoticeGroup, NoticePort), place.Local, place.Gateway)) : null;
            if (notices is not null)
            {
                _ = ReceiveAsync(notices, here.Token);
            }
        }

        long wait = mapper.NextWakeMs == long.MaxValue ? Timeout.Infinite : Math.Clamp(mapper.NextWakeMs - BootClock.NowMs, 0, int.MaxValue);
        if (!disposed)
        {
            timer.Change(wait, Timeout.Infinite);
        }

        PortMapState now = new(mapper.Current, mapper.Trouble, mapper.Speaks(PortMappingKind.NatPmp), mapper.Speaks(PortMappingKind.Pcp), mapper.Speaks(PortMappingKind.Upnp));
        bool news = !now.SaysTheSameAs(told);
        Volatile.Write(ref told, now);
        if (news)
        {
            changed(now);
        }
    }

    void Pump()
    {
        while (mapper.TryTake(out PortMapSend? message))
        {
            switch (message)
            {
                case PortMapDatagram datagram:
                    SendDatagram(datagram);
                    break;
                case PortMapHttp ask when http is { } to:
                    Task request = AskAsync(to, ask);
                    requests.Add(request);
                    _ = request.ContinueWith(Forget, TaskScheduler.Default);
                    break;
            }
        }
    }

    void SendDatagram(PortMapDatagram datagram)
    {
        try
        {
            talk?.SendTo(datagram.Payload, datagram.To);
        }
        catch (SocketException)
        {
            // No route to it now, or the router's port is closed; it is sent again or given up by the clock.
        }
    }

    void OnTimer()
    {
        lock (gate)
        {
            if (!disposed)
            {
                mapper.Tick(BootClock.NowMs);
                Settle();
            }
        }
    }

    void Forget(Task request)
    {
        lock (gate)
        {
            requests.Remove(request);
        }
    }

    async Task AskAsync(GatewayHttp to, PortMapHttp ask)
    {
        // Away from the caller, who holds the gate.
        await Task.Yield();
        (int status, byte[] body) = await to.AskAsync(ask, CancellationToken.None).ConfigureAwait(false);
        lock (gate)
        {
            if (!disposed)
            {
                mapper.HttpAnswered(ask.Id, status, body, BootClock.NowMs);
                Settle();
            }
        }
    }

    async Task ReceiveAsync(Socket socket, CancellationToken ct)
    {
        await Task.Yield();
        byte[] buffer = new byte[LargestDatagram];
        using (socket)
        {
            while (!ct.IsCancellationRequested)
            {
                try
                {
                    SocketReceiveFromResult got = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), ct).ConfigureAwait(false);
                    lock (gate)
                    {
                        if (!ct.IsCancellationRequested && !disposed)
                        {
                            mapper.Receive(buffer.AsSpan(0, got.ReceivedBytes), (IPEndPoint)got.RemoteEndPoint, BootClock.NowMs);
                            Settle();
                        }
                    }
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.MessageSize)
                {
                    // A closed port at the router, or a datagram of nobody we know.
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
