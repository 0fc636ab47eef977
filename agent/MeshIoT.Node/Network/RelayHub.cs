using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Session;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Network;

/// <summary>
/// The node's relay connections: a pool for the present node key and relay map, joined to the engine. A relay that is lost is told to
/// whoever chooses the home. Any thread.
/// </summary>
internal sealed class RelayHub : RelayView, IAsyncDisposable
{
    // By then the pool has tried again a few times: it is the relay, or the way to it, and not one broken connection.
    static readonly TimeSpan DownAfter = TimeSpan.FromSeconds(3), LittleMore = TimeSpan.FromMilliseconds(200);

    // Half a minute, a minute, … a quarter of an hour.
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    const int MostDoublings = 5;

    readonly PacketEngine engine;
    readonly Func<NodePrivateKey, DerpReceiver, DerpPoolOptions> configure;
    readonly HealthBoard health;
    readonly Action changed, lost;
    readonly TimeProvider clock;
    readonly ITimer lookAgain;
    readonly Lock gate = new();
    DerpPool? pool;
    DerpPoolOptions? configured;
    NodePublicKey identity;
    DerpMap? map;
    Task retired = Task.CompletedTask;
    int home, looks;
    bool disposed, isAway;

    /// <summary>
    /// No connection yet. <paramref name="changed"/> is called when a connection came or went, <paramref name="lost"/> when the home relay has
    /// been away for some seconds: then the reason is on <paramref name="health"/> as well, until it is back.
    /// </summary>
    public RelayHub(
        PacketEngine engine, Func<NodePrivateKey, DerpReceiver, DerpPoolOptions> configure, HealthBoard health, TimeProvider clock, Action changed, Action lost)
    {
        this.health = health;
        this.engine = engine;
        this.configure = configure;
        this.clock = clock;
        this.changed = changed;
        this.lost = lost;
        lookAgain = clock.CreateTimer(static hub => ((RelayHub)hub!).LookAgain(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The connections; null while the node is in no tailnet that has relays.</summary>
    public DerpPool? Pool
    {
        get
        {
            lock (gate)
            {
                return pool;
            }
        }
    }

    /// <summary>A netmap is in use. The key stays the caller's; another one takes other connections.</summary>
    public void Follow(DerpMap? relays, NodePrivateKey key)
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            bool fresh = pool is null || identity != key.PublicKey;
            if (fresh)
            {
                Retire();
                identity = key.PublicKey;
                configured = configure(key, new Receiver(this));
                pool = new DerpPool(configured);
                engine.UseRelays(pool);
            }

            if (fresh || !ReferenceEquals(map, relays))
            {
                map = relays;
                pool!.SetMap(relays);
                pool.SetHome(home);
            }
        }
    }

    /// <summary>The node is in no tailnet now.</summary>
    public void Leave()
    {
        lock (gate)
        {
            Retire();
            identity = default;
            map = null;
        }

        health.Clear(HealthTopic.HomeRelay);
    }

    /// <inheritdoc/>
    public override void PrepareHome(int region) => Pool?.PrepareHome(region);

    /// <inheritdoc/>
    public override void Remapped() => Pool?.NetworkChanged();

    /// <inheritdoc/>
    public override void SetHome(int region)
    {
        lock (gate)
        {
            home = region;
            isAway = false;
            pool?.SetHome(region);
        }

        Show(region);
    }

    /// <inheritdoc/>
    public override TimeSpan? SinceHeard(int region) => Pool is { } relays && relays.IsConnected(region) ? TimeSpan.Zero : null;

    // A clock that was set back meanwhile makes it no younger.
    /// <inheritdoc/>
    public override bool IsDown(int region) =>
        Pool?.StateOf(region) is { IsConnected: false, LastFault: not null } state && (clock.GetUtcNow() - state.Since).Duration() >= DownAfter;

    /// <summary>How far a region is over HTTPS; one that is connected knows it already. Null: it does not answer.</summary>
    public async Task<TimeSpan?> MeasureAsync(DerpRegion region, CancellationToken ct)
    {
        DerpPoolOptions? options;
        lock (gate)
        {
            options = pool is null ? null : configured;
        }

        return options is null ? null
            : Pool?.StateOf(region.RegionID) is { IsConnected: true, Latency: { } known } ? known
            : await RelayLatency.MeasureAsync(region.RegionID, region, options, ct);
    }

    /// <summary>This machine's network is another one, or it woke up.</summary>
    public void NetworkChanged() => Pool?.NetworkChanged();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (gate)
        {
            disposed = true;
            Retire();
            last = retired;
        }

        await last;
        await lookAgain.DisposeAsync();
    }

    // Held: gate.
    void Retire()
    {
        if (pool is { } old)
        {
            pool = null;
            engine.UseRelays(null);
            retired = Task.WhenAll(retired, old.DisposeAsync().AsTask());
        }
    }

    void StateChanged(int region)
    {
        changed();
        bool isHome, begins;
        lock (gate)
        {
            isHome = region == home && region != 0 && pool is not null;
            bool away = isHome && !pool!.IsConnected(region);
            begins = away && !isAway;
            isAway = isHome ? away : isAway;
            looks = begins ? 0 : looks;
        }

        if (isHome)
        {
            Show(region);
        }

        // From the moment it went away: the tries that fail meanwhile change its state as well.
        if (begins)
        {
            lookAgain.Change(DownAfter + LittleMore, Timeout.InfiniteTimeSpan);
        }
    }

    void LookAgain()
    {
        int region;
        bool away;
        lock (gate)
        {
            region = disposed ? 0 : home;
            away = region != 0 && pool is not null && !pool.IsConnected(region);
        }

        if (!away)
        {
            return;
        }

        bool isDown = IsDown(region);
        if (isDown)
        {
            Show(region);
            lost();
        }

        // The first try may not have failed yet; and a node that found no other home looks for one again, ever more seldom.
        TimeSpan pause = isDown ? FirstPause * (1 << Math.Min(looks++, MostDoublings)) : LittleMore;
        lookAgain.Change(pause, Timeout.InfiniteTimeSpan);
    }

    // What is wrong with the home relay: why it has been away for some seconds, or what it says of the connection.
    void Show(int region)
    {
        DerpRegionState? state = Pool?.StateOf(region);
        if (state is { LastFault: { } fault } && (state.Complaint is not null || IsDown(region)))
        {
            health.Set(HealthTopic.HomeRelay, fault);
        }
        else if (state is null or { IsConnected: true })
        {
            health.Clear(HealthTopic.HomeRelay);
        }
    }

    /// <summary>Packets go to the engine as they are, news of connections stay here.</summary>
    sealed class Receiver(RelayHub hub) : DerpReceiver
    {
        public override void Receive(DerpBatch batch) => hub.engine.Relayed.Receive(batch);

        public override void PeerGone(int region, NodePublicKey peer, PeerGoneReason reason) => hub.engine.Relayed.PeerGone(region, peer, reason);

        public override void StateChanged(int region)
        {
            hub.engine.Relayed.StateChanged(region);
            hub.StateChanged(region);
        }
    }
}
