using System;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>
/// One region: the queue of what goes there, and a loop that keeps a connection while one is wanted: always for our home and for the
/// region that is about to become it, otherwise for a minute after the last packet. Tries for ever.
/// </summary>
internal sealed partial class RegionLink
{
    readonly RelayRegion region;
    readonly DerpPoolOptions options;
    readonly RelayDialer dialer;
    readonly Milliseconds clock;
    readonly Lock wake = new();
    readonly CancellationTokenSource stop = new();
    readonly Task loop;
    TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    CancellationTokenSource? pause, dialing;
    RelayConnection? connection;
    FaultReport? lastFault;
    DateTimeOffset since;
    long lastUseMs = long.MinValue / 2, connects, dialingSinceMs;
    bool isCutShort;
    volatile bool isHome, isHeld, isDirty;

    public RegionLink(RelayRegion region, DerpPoolOptions options, RelayDialer dialer, BatchSource batches, Milliseconds clock)
    {
        (this.region, this.options, this.dialer, Batches, this.clock) = (region, options, dialer, batches, clock);
        since = options.Time.GetUtcNow();
        loop = Task.Run(RunAsync);
    }

    public int Id => region.Id;

    public RelayRegion Region => region;

    public SendQueue Queue { get; } = new();

    public BatchSource Batches { get; }

    public TrafficCount Sent { get; } = new();

    public TrafficCount Received { get; } = new();

    /// <summary>It is our home.</summary>
    public bool IsHome => isHome;

    /// <summary>The relay takes packets.</summary>
    public bool IsConnected => Volatile.Read(ref connection) is { IsUp: true };

    /// <summary>Until when a connection is wanted as things are.</summary>
    public long WantedUntilMs => isHome || isHeld ? long.MaxValue : Volatile.Read(ref lastUseMs) + RelayTimes.Idle;

    /// <summary>Whether a connection is wanted.</summary>
    public bool IsWanted(long nowMs) => nowMs < WantedUntilMs;

    /// <summary>The relay's name for people.</summary>
    public string Describe(RelayNode node) => $"{region.Code} ({node.Authority})";

    /// <summary>Queues a packet; <see cref="Flush"/> or a later call without <paramref name="more"/> lets it go.</summary>
    public void Send(NodePublicKey destination, ReadOnlySpan<byte> packet, bool more)
    {
        long now = clock.Now;
        Queue.Add(destination, packet, (int)now);
        Volatile.Write(ref lastUseMs, now);
        isDirty = true;
        if (!more)
        {
            Flush();
        }
    }

    /// <summary>Lets the queue go.</summary>
    public void Flush()
    {
        if (isDirty)
        {
            isDirty = false;
            Wake();
        }
    }

    /// <summary>Makes it our home, or no more: then it stays for a minute, while peers learn where we are.</summary>
    public void SetHome(bool home)
    {
        if (isHome == home)
        {
            return;
        }

        if (!home)
        {
            Volatile.Write(ref lastUseMs, clock.Now);
        }

        isHome = home;
        Volatile.Read(ref connection)?.NotePreferred(home);
        Wake();
        NoteChanged();
    }

    /// <summary>Keeps it connected, or no more.</summary>
    public void SetHeld(bool held)
    {
        isHeld = held;
        Wake();
    }

    /// <summary>The network has changed: doubt the connection, or dial at once.</summary>
    public void Doubt()
    {
        Volatile.Read(ref connection)?.Doubt();
        CutShort();
    }

    /// <summary>Ends the loop and the connection.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        Volatile.Read(ref connection)?.End(null);
        WakeLoop();
        await loop.ConfigureAwait(false);
        stop.Dispose();
    }

    /// <summary>What there is to tell.</summary>
    public DerpRegionState State()
    {
        RelayConnection? current = Volatile.Read(ref connection);
        bool up = current is { IsUp: true };
        DateTimeOffset from;
        lock (stop)
        {
            from = since;
        }

        return new(region.Id, region.Code, isHome, up, from)
        {
            IsWanted = IsWanted(clock.Now),
            Node = up ? current!.Node.Name : "",
            LastFault = up && current!.Complaint is { } words ? Faults.RelayComplains.With(Describe(current.Node), words) : Volatile.Read(ref lastFault),
            Complaint = up ? current!.Complaint : null,
            Latency = up ? current!.Latency : null,
            Connects = Interlocked.Read(ref connects),
            BytesSent = Sent.Bytes,
            BytesReceived = Received.Bytes,
            PacketsSent = Sent.Packets,
            PacketsReceived = Received.Packets,
            PacketsDropped = Queue.Dropped,
        };
    }

    /// <summary>The connection has come up.</summary>
    public void NoteUp(RelayConnection up)
    {
        Interlocked.Increment(ref connects);
        NoteSince();
        up.NotePreferred(isHome); // it may have changed between the handshake's steps
        NoteChanged();
    }

    /// <summary>Something visible has changed.</summary>
    public void NoteChanged() => options.Receiver.StateChanged(region.Id);

    void NoteSince()
    {
        lock (stop)
        {
            since = options.Time.GetUtcNow();
        }
    }

    // A connection that is there takes it from here; only a loop that rests has to be woken.
    void Wake()
    {
        if (Volatile.Read(ref connection) is { } current)
        {
            current.Wake();
        }
        else
        {
            WakeLoop();
        }
    }

    void WakeLoop()
    {
        lock (wake)
        {
            woken.TrySetResult();
        }
    }

    // A pause, or a dial that has been going on for a while: it may be from an address that is gone. A young one goes on, so that a
    // network that changes all the time does not keep us from ever getting through.
    void CutShort()
    {
        lock (wake)
        {
            _ = pause?.CancelAsync();
            if (dialing is not null && clock.Now - dialingSinceMs >= RelayTimes.YoungDial)
            {
                isCutShort = true;
                _ = dialing.CancelAsync();
            }
        }
    }
}
