using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.Engine;
using MeshIoT.Node.Session;
using MeshIoT.Node.Userspace;
using MeshIoT.Paths.Endpoints;
using MeshIoT.Paths.NetCheck;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Network;

/// <summary>
/// Finds out where this node is: asks STUN servers by the engine's UDP port, keeps the list of own endpoints, chooses the home relay.
/// One task does it all; others tell it what happened and read what it publishes.
/// <code>
///   netmap, link, relays, traffic ──► schedule ──► check ──► report, endpoints, home ──► coordinator ──► relays
/// </code>
/// A home is told to the coordinator before the node moves there: in the other order peers would write to where nobody is.
/// Checks are in <c>NetworkScout.Check.cs</c>, what people are told in <c>NetworkScout.Health.cs</c>.
/// </summary>
internal sealed partial class NetworkScout : IAsyncDisposable
{
    // Interfaces come up one address at a time.
    static readonly TimeSpan LinkSettle = TimeSpan.FromMilliseconds(500), AfterSurprise = TimeSpan.FromSeconds(5);

    readonly PacketEngine engine;
    readonly StunInbox inbox;
    readonly OwnEndpoints local;
    readonly HealthBoard health;
    readonly RandomSource random;
    readonly TimeProvider clock;
    readonly Action changed;
    readonly bool portIsChosen;
    readonly AsyncGate wake = new();
    readonly CancellationTokenSource stop = new();
    readonly NetChecker checker;
    readonly CheckSchedule schedule;
    readonly RelayAddresses addresses;
    readonly Lock gate = new();
    readonly EndpointList list = new();
    readonly ScoutPlaces places;
    readonly Queue<TaskCompletionSource<NetCheckReport>> asked = new();
    Task loop = Task.CompletedTask;
    volatile Place place = Place.Nowhere;
    PortMapView portMap = PortMapView.None;
    IReadOnlyList<IPEndPoint> interfaces = [];
    readonly SortedDictionary<int, string> silent = [];
    int home, chosen;
    bool linkChanged, wanted, connected, isTroubled;
    volatile NetCheckReport? report;
    volatile OwnNetwork current = OwnNetwork.None;
    long freshUntil;

    /// <summary>A scout of an engine that has not started yet; <see cref="Start"/> begins. <paramref name="changed"/> is called when what it publishes is another.</summary>
    public NetworkScout(PacketEngine engine, OwnEndpoints local, HealthBoard health, RandomSource random, TailnetNodeOptions options, Action changed)
    {
        this.engine = engine;
        this.local = local;
        this.health = health;
        this.random = random;
        this.changed = changed;
        clock = options.Clock;
        portIsChosen = options.UdpPort != 0 && options.UdpPort == local.Port;
        checker = new NetChecker(random);
        schedule = new CheckSchedule(random, options.LowData);
        addresses = new RelayAddresses(clock);
        inbox = new StunInbox(clock);
        places = new ScoutPlaces(this);
        engine.Stun = inbox;
        engine.TrafficBegan = wake.Set;
    }

    /// <summary>The last report; null: no check has ended yet.</summary>
    public NetCheckReport? Report => report;

    /// <summary>What the coordinator is to be told.</summary>
    public OwnNetwork Current => current;

    /// <summary>The region whose relay this node keeps a connection to; 0: none.</summary>
    public int Home => Volatile.Read(ref home);

    /// <summary>The relay connections; set before <see cref="Start"/>.</summary>
    public RelayView Relays { get; set; } = RelayView.None;

    /// <summary>Measures a relay over HTTPS, by the rules its connections follow; null: nobody can. Set before <see cref="Start"/>.</summary>
    public Func<DerpRegion, CancellationToken, Task<TimeSpan?>>? MeasureHttps { get; set; }

    /// <summary>Whether the endpoints are recent enough to be told to a peer. Any thread.</summary>
    public bool IsFresh => inbox.Now.Ticks < Volatile.Read(ref freshUntil);

    TimeSpan Now => inbox.Now;

    /// <summary>Begins.</summary>
    public void Start()
    {
        RefreshLocal();
        engine.UseEndpoints(places);
        loop = Task.Run(RunAsync);
    }

    /// <summary>A netmap is in use.</summary>
    public void Follow(DerpMap? relays, int homeOfBefore, IReadOnlyList<IPAddress> tailnetAddresses, NodePublicKey self, bool hasPeers)
    {
        bool renumbered;
        lock (gate)
        {
            renumbered = !tailnetAddresses.SequenceEqual(place.TailnetAddresses);
            string print = ReferenceEquals(relays, place.Relays) ? place.Fingerprint : RelayAddresses.Fingerprint(relays);
            bool moved = print != place.Fingerprint;
            wanted |= moved && relays?.Regions is { Count: > 0 };
            place = new Place(relays, print, tailnetAddresses, self, hasPeers);
            if (moved)
            {
                checker.MakeNextFull();
                silent.Clear();
            }

            if (chosen == 0)
            {
                chosen = FirstHome(relays, homeOfBefore);
                MoveHome(chosen);
            }
        }

        if (renumbered)
        {
            RefreshLocal();
        }
        else
        {
            Publish();
        }

        wake.Set();
    }

    /// <summary>The node is in no tailnet now.</summary>
    public void Leave()
    {
        lock (gate)
        {
            place = Place.Nowhere;
            chosen = 0;
            MoveHome(0);
            report = null;
            list.Forget();
            isTroubled = false;
            silent.Clear();
        }

        health.Clear(HealthTopic.Internet, HealthTopic.Nat, HealthTopic.Relays);
        Publish();
    }

    /// <summary>Addresses or routes of this machine may be others.</summary>
    public void LinkChanged()
    {
        lock (gate)
        {
            linkChanged = true;
        }

        Volatile.Write(ref freshUntil, 0);
        wake.Set();
    }

    /// <summary>Something makes a look at the network worth while: a relay was lost, or a peer wants to know where we are.</summary>
    public void Want()
    {
        lock (gate)
        {
            wanted = true;
        }

        wake.Set();
    }

    /// <summary>Whether the coordinator hears what it is told.</summary>
    public void Connected(bool isConnected)
    {
        bool resumed;
        lock (gate)
        {
            resumed = isConnected && !connected && report is not null;
            connected = isConnected;
        }

        // What was chosen without it could not be told.
        if (resumed && !IsFresh)
        {
            Want();
        }
    }

    /// <summary>What the router does for us is something else now.</summary>
    public void PortMapChanged(PortMapView now)
    {
        NetCheckReport? seen;
        lock (gate)
        {
            portMap = now;
            report = seen = report is { } known ? WithPortMap(known) : null;
        }

        if (seen is not null)
        {
            Tell(seen);
        }

        Publish();
    }

    /// <summary>The coordinator has taken this: now it is time to move.</summary>
    public void Told(OwnNetwork network)
    {
        lock (gate)
        {
            if (network.Home != 0 && network.Home == chosen)
            {
                MoveHome(network.Home);
            }
        }
    }

    /// <summary>Asks every region now, for a person who wants to know.</summary>
    public Task<NetCheckReport> CheckAsync(CancellationToken ct)
    {
        TaskCompletionSource<NetCheckReport> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stop.IsCancellationRequested, this);
            asked.Enqueue(done);
        }

        wake.Set();
        return done.Task.WaitAsync(ct);
    }

    /// <summary>Ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        lock (gate)
        {
            while (asked.TryDequeue(out TaskCompletionSource<NetCheckReport>? one))
            {
                one.TrySetCanceled();
            }
        }
    }

    // Where peers look for us since the last time; or the only region there is. What there is to choose from is chosen by measuring.
    static int FirstHome(DerpMap? relays, int before)
    {
        List<int> possible = [.. (relays?.Regions ?? new Dictionary<int, DerpRegion?>())
            .Where(static entry => entry.Value is { NoMeasureNoHome: false, Nodes: { } nodes } && nodes.Any(static node => node is { STUNOnly: false }))
            .Select(static entry => entry.Key)];
        return possible.Contains(before) ? before : possible.Count == 1 ? possible[0] : 0;
    }

    // Held: gate.
    void MoveHome(int region)
    {
        if (home != region)
        {
            Volatile.Write(ref home, region);
            Relays.SetHome(region);
        }
    }

    void RefreshLocal()
    {
        IReadOnlyList<IPEndPoint> now = ListLocal();
        lock (gate)
        {
            interfaces = now;
        }

        Publish();
    }

    IReadOnlyList<IPEndPoint> ListLocal()
    {
        try
        {
            return local.List(place.TailnetAddresses);
        }
        catch (FaultException)
        {
            return interfaces; // The kernel did not say; what was true a moment ago is the better guess.
        }
    }

    // Puts together what is known, and tells when it is something else than before. A check that is not over yet may know more of where
    // we are than the last one.
    void Publish(NetCheckReport? underway = null)
    {
        lock (gate)
        {
            NetCheckReport? seen = underway ?? report;
            OwnNetwork next = new(list.Build(
                new EndpointSources
                {
                    Portmapped = portMap.Mapped,
                    StunV4 = seen?.GlobalV4 ?? [],
                    StunV6 = seen?.GlobalV6 ?? [],
                    MappingVaries = (seen?.MappingVariesByDestIP ?? report?.MappingVariesByDestIP) == true,
                    FixedPort = portIsChosen ? local.Port : 0,
                    Local = interfaces,
                },
                Now), Describe(report));
            if (next.SaysTheSameAs(current))
            {
                return;
            }

            current = next;
            places.Set(next);
        }

        changed();
    }

    /// <summary>What a netmap says of where we are.</summary>
    sealed record Place(DerpMap? Relays, string Fingerprint, IReadOnlyList<IPAddress> TailnetAddresses, NodePublicKey Self, bool HasPeers)
    {
        public static Place Nowhere { get; } = new(null, "", [], default, false);
    }
}
