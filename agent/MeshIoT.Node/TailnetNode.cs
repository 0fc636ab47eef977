using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Disco;
using MeshIoT.Filter;
using MeshIoT.Health;
using MeshIoT.Linux;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Kernel;
using MeshIoT.Node.Network;
using MeshIoT.Node.Session;
using MeshIoT.Node.State;
using MeshIoT.Node.Userspace;

namespace MeshIoT.Node;

/// <summary>
/// A node of a tailnet, inside this process: it joins through a coordinator, keeps WireGuard sessions with the peers that talk,
/// and lets the program dial, listen and resolve by name. Needs no rights in userspace mode. All members may be used from any
/// thread.
/// <code>
///   await using TailnetNode node = await TailnetNode.StartAsync(new() { StateDirectory = "/var/lib/mine" }, ct);
///   await node.UpAsync(new() { LoginServer = new("https://coordinator.example"), AuthKey = key }, ct);
///   await using Stream stream = await node.DialAsync("boiler", 80, ct);
/// </code>
/// </summary>
public sealed partial class TailnetNode : IAsyncDisposable
{
    readonly TailnetNodeOptions options;
    readonly TimeProvider clock;
    readonly SteadyTime steady;
    readonly RandomSource random = new SystemRandomSource();
    readonly SemaphoreSlim lifecycle = new(1, 1);
    readonly AsyncGate selfChanged = new();
    readonly FlowTable flows = new();
    readonly StateStore store;
    readonly HealthBoard health;
    readonly MachinePrivateKey machineKey;
    readonly DiscoPrivateKey discoKey;
    readonly PacketEngine engine;
    readonly StackLink? stack;
    readonly TunRouting? routing;
    readonly OwnEndpoints ownEndpoints;
    readonly NetworkScout scout;
    readonly RelayHub relays;
    readonly OutgoingSockets toCoordinator = new();
    readonly SessionSettings settings;
    readonly Observer observer;
    volatile SessionView session = new(BackendState.NoState);
    volatile NetworkView network = NetworkView.None;
    int disposed;

    TailnetNode(TailnetNodeOptions options, StateStore store)
    {
        this.options = options;
        this.store = store;
        clock = options.Clock;
        steady = new SteadyTime(clock);
        store.AfterStep = options.AfterStateStep;
        health = new HealthBoard(RaiseChanged);
        machineKey = LoadMachineKey(store, random);
        discoKey = DiscoPrivateKey.Generate(random);
        CheckClock();

        UdpPort udp = OpenUdp();
        TunDevice? tun = null;
        try
        {
            if (options.Tun == TunMode.Kernel)
            {
                tun = TunDevice.Open(options.TunName, options.Mtu, options.Offloads);
                tun.Gone = OnTunnelGone;
                routing = new TunRouting(tun.Name);
            }
        }
        catch
        {
            tun?.Dispose();
            udp.Dispose();
            throw;
        }

        tunnel = tun;
        port = udp;
        stack = tun is null ? new StackLink(random, options.Mtu) : null;
        HostLink link = tun is null ? stack! : new TunLink(tun);
        engine = new PacketEngine(udp, link, new SodiumSuite(), random, new DurableTimestamps(store, health, clock), discoKey, OnEngineChanged)
        {
            Mtu = options.Mtu,
            Pace = options.LowData ? DiscoPace.LowData : DiscoPace.Default,
        };
        ownEndpoints = new OwnEndpoints(options.UdpBind, udp.LocalPort, tun?.Name);
        udp.Moved += OnPortMoved;
        scout = new NetworkScout(engine, ownEndpoints, health, random, options, OnPlaceChanged);
        relays = new RelayHub(engine, RelayOptions, health, steady, RaiseChanged, scout.Want);
        scout.Relays = relays;
        scout.MeasureHttps = relays.MeasureAsync;
        keeper = new NetmapKeeper(options.StateDirectory, health, clock);
        observer = new Observer(this);
        expiryTimer = clock.CreateTimer(static node => ((TailnetNode)node!).Reapply(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        tunnelTimer = clock.CreateTimer(static node => ((TailnetNode)node!).OnTunnelTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        settings = new SessionSettings
        {
            Store = store,
            Health = health,
            Options = options,
            Open = options.OpenCoordinator ?? (address => new Ts2021Link(address, random, PrepareCoordinatorSocket)),
            MachineKey = machineKey,
            DiscoKey = discoKey.PublicKey,
            Random = random,
            Clock = steady,
            WhereWeAre = () => scout.Current,
            ToldWhereWeAre = scout.Told,
            SelfChanged = selfChanged,
        };
    }

    /// <summary>Raised on a pool thread after <see cref="Status"/> changed; several changes may be one event.</summary>
    public event Action? StatusChanged;

    /// <summary>The node as it is now.</summary>
    public NodeStatus Status
    {
        get
        {
            NetworkView seen = network;
            SessionView now = session;
            CoordinatorSession? login = running;
            IReadOnlyDictionary<NodePublicKey, PeerCell> cells = engine.Cells;
            return new NodeStatus
            {
                BackendState = engine.Failure is null ? StateWith(now.State, block) : BackendState.Stopped,
                Self = seen.Self.HostName.Length > 0 ? seen.Self : seen.Self with { HostName = Hostname },
                Peers = new DeferredList<PeerStatus>(() =>
                [.. seen.DescribePeers().Select(peer => cells.TryGetValue(peer.Key, out PeerCell? cell) ? Merge(peer.Status, cell, seen) : peer.Status)]),
                Health = health.Current,
                LoginServer = LoginServer,
                AuthUrl = login?.WaitsFor?.Page,
                Waiting = login?.WaitsFor?.Report,
                LoginPending = login is { Reauth: not null } or { Running.IsCompleted: false },
                Domain = seen.Domain,
                KeyExpiry = latest?.Netmap.Self.KeyExpiry,
                CoordinatorAhead = latest is { KeptAt: null, Netmap.IsClockTold: true } told ? told.Netmap.ClockOffset : null,
                UdpPort = ownEndpoints.Port,
                CoordinatorConnected = now.Connected,
                HomeRelay = scout.Home is var home && home != 0 ? seen.Relay(home, scout.Relays.SinceHeard(home) is not null) : null,
                Endpoints = OwnEndpoints,
                NetCheck = NetCheck,
            };
        }
    }

    Uri? LoginServer => store.Current.LoginServer is { } text ? new Uri(text) : options.LoginServer;

    string Hostname => HostDescription.NameOf(store.Current, options);

    // A netmap that may not be used says more than the session, which is well.
    static BackendState StateWith(BackendState state, NetworkBlock block) => (state, block) switch
    {
        (BackendState.Running or BackendState.Starting, NetworkBlock.KeyExpired) => BackendState.NeedsLogin,
        (BackendState.Running or BackendState.Starting, NetworkBlock.NotAuthorized) => BackendState.NeedsMachineAuth,
        _ => state,
    };

    /// <summary>
    /// Opens state, UDP port and, in kernel mode, the tunnel; a node that was up before goes on joining in the background.
    /// Throws a <see cref="FaultException"/> for what this machine refuses; the coordinator's absence is no reason to fail.
    /// </summary>
    public static async Task<TailnetNode> StartAsync(TailnetNodeOptions o, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (o.Hostname is { } name)
        {
            HostDescription.CheckName(name);
        }

        StateStore store = StateStore.Open(o.StateDirectory, o.Clock);
        TailnetNode node;
        try
        {
            node = new TailnetNode(o, store);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        await node.BeginAsync(ct);
        node.StartLinks();
        return node;
    }

    /// <summary>Stops. The login is kept: the next start comes up by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        StopLinks();
        await lifecycle.WaitAsync();
        await StopSessionAsync();
        await LeaveIfEphemeralAsync();
        lifecycle.Release();
        await expiryTimer.DisposeAsync();
        await tunnelTimer.DisposeAsync();
        lock (applying)
        {
            // Whoever applied a netmap just now has done so; nobody begins any more.
        }

        foreach (KernelListener listener in KernelListeners())
        {
            await listener.DisposeAsync();
        }

        if (portMap is not null)
        {
            await portMap.DisposeAsync();
        }

        await scout.DisposeAsync();
        await relays.DisposeAsync();
        keeper.Dispose();
        routing?.Dispose();
        engine.Dispose();
        store.Dispose();
        machineKey.Dispose();
        discoKey.Dispose();
    }

    static MachinePrivateKey LoadMachineKey(StateStore store, RandomSource random)
    {
        if (MachinePrivateKey.TryParse(store.Current.MachineKey, out MachinePrivateKey? known))
        {
            return known;
        }

        MachinePrivateKey fresh = MachinePrivateKey.Generate(random);
        store.Update(state => state.MachineKey = fresh.ExportText());
        return fresh;
    }

    UdpPort OpenUdp()
    {
        UdpPort port = OpenFreeUdp();
        port.UseBatches(options.Offloads);
        return port;
    }

    UdpPort OpenFreeUdp()
    {
        System.Net.IPAddress bind = options.UdpBind ?? System.Net.IPAddress.IPv6Any;
        try
        {
            return UdpPort.Open(bind, options.UdpPort);
        }
        catch (FaultException e) when (e.Report.Fault == Faults.UdpPortInUse && options.UdpPort == TailnetNodeOptions.DefaultUdpPort)
        {
            UdpPort moved = UdpPort.Open(bind, 0);
            health.Set(HealthTopic.UdpPort, Faults.UdpPortMoved.With(options.UdpPort, moved.LocalPort));
            return moved;
        }
    }

    void CheckClock()
    {
        if (ClockFloor.Check(store.Current, clock.GetUtcNow()) is { } report)
        {
            health.Set(HealthTopic.Clock, report);
        }
        else
        {
            health.Clear(HealthTopic.Clock);
        }
    }

    async Task BeginAsync(CancellationToken ct)
    {
        engine.Start();
        scout.Start();
        NodeState state = store.Current;
        if (state is { WantRunning: true, LoginServer: not null, NodeKey: not null })
        {
            await UseKeptNetmapAsync(ct);
            StartSession(new SessionLogin());
        }
        else
        {
            session = new SessionView(state.Registered ? BackendState.Stopped : BackendState.NeedsLogin);
        }
    }

    // A peer's subnet may hold the coordinator or a relay. Only they lead to that peer, so the way to them is never through the tunnel.
    Action<Socket>? PrepareSocket => options.Tun == TunMode.Kernel ? MarkedSocket.Mark : null;

    void PrepareCoordinatorSocket(Socket socket)
    {
        PrepareSocket?.Invoke(socket);
        toCoordinator.Add(socket);
    }

    DerpPoolOptions RelayOptions(NodePrivateKey key, DerpReceiver receiver)
    {
        DerpPoolOptions usual = new()
        {
            Key = key,
            Receiver = receiver,
            Random = random,
            Time = steady,
            Proxy = RelayProxy.FromEnvironment(),
            PrepareSocket = PrepareSocket,
        };
        DateTimeOffset floor = ClockFloor.Earliest(store.Current);
        return floor > usual.NotBefore ? usual with { NotBefore = floor } : usual;
    }

    void OnPlaceChanged()
    {
        selfChanged.Set();
        RaiseChanged();
    }

    void OnEngineChanged()
    {
        if (engine.Failure is { } report)
        {
            health.Set(HealthTopic.Engine, report);
        }

        RaiseChanged();
    }

    void RaiseChanged()
    {
        Action? handlers = StatusChanged;
        if (handlers is not null)
        {
            ThreadPool.QueueUserWorkItem(static run => run(), handlers, preferLocal: false);
        }
    }
}
