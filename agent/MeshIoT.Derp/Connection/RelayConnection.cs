using System;
using System.IO;
using System.Threading;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>
/// One relay connection from the upgrade to its end: handshake, a thread that reads, a thread that writes, a timer that watches both.
/// <code>
///   stream ──► bytes ──► frames ──► batch of packets ──► receiver
///   stream ◄── 64 KiB at most ◄── queue of the region
/// </code>
/// </summary>
internal sealed partial class RelayConnection : IDisposable
{
    // Room for TLS; what lies deeper is address space only.
    internal const int StackBytes = 256 * 1024;

    readonly RegionLink link;
    readonly DerpPoolOptions options;
    readonly DialedRelay dialed;
    readonly ClientHandshake handshake;
    readonly Milliseconds clock;
    readonly Signal outgoing = new();
    readonly BatchQuota quota = new();
    readonly Lock gate = new();
    FaultReport? endFault;
    int saidPreferred; // a new connection is nobody's home
    volatile bool ended, isUp;

    public RelayConnection(RegionLink link, DerpPoolOptions options, DialedRelay dialed, Milliseconds clock)
    {
        (this.link, this.options, this.dialed, this.clock) = (link, options, dialed, clock);
        handshake = new(options.Suite, options.Random, options.Key);
        startedMs = readMs = clock.Now;
    }

    /// <summary>The relay has accepted us.</summary>
    public bool IsUp => isUp;

    /// <summary>Which relay it is.</summary>
    public RelayNode Node => dialed.Node;

    /// <summary>What the relay says is wrong; null for nothing.</summary>
    public string? Complaint { get; private set; }

    /// <summary>How long the relay asked us to stay away; zero when it did not.</summary>
    public TimeSpan RestartsIn { get; private set; }

    /// <summary>
    /// Lives until the connection ends: why, or null when we ended it ourselves for want of use. Never throws. Reads on the calling
    /// thread and writes on one of its own.
    /// </summary>
    public FaultReport? Run()
    {
        link.Queue.ClearControl();
        using ITimer look = options.Time.CreateTimer(static self => ((RelayConnection)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer = look;
        Rearm(RelayTimes.Connect);
        if (!dialed.RelayKey.IsZero)
        {
            Proceed(handshake.Start(dialed.RelayKey));
        }

        Thread writer = new(WriteLoop, StackBytes) { IsBackground = true, Name = "relay " + link.Id };
        writer.Start();
        ReadLoop();
        End(null);
        writer.Join();
        return endFault;
    }

    /// <summary>Ends it, once; the first reason counts.</summary>
    public void End(FaultReport? why)
    {
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            (ended, endFault) = (true, why);
        }

        isUp = false;
        outgoing.Set();
        quota.Wake();
        dialed.Transport.Abort();
    }

    /// <summary>There is something to write.</summary>
    public void Wake() => outgoing.Set();

    /// <summary>Tells the relay whether it is our home, unless it has heard just that.</summary>
    public void NotePreferred(bool preferred)
    {
        if (isOpen && Interlocked.Exchange(ref saidPreferred, preferred ? 1 : 0) != (preferred ? 1 : 0))
        {
            Span<byte> frame = stackalloc byte[SmallFrames.NotePreferredSize];
            SmallFrames.WriteNotePreferred(frame, preferred);
            Post(frame);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End(null);
        dialed.Stream.Dispose();
        handshake.Dispose();
    }

    // The relay's key is known: prove ours, and let the packets go.
    void Proceed(HandshakeFault fault)
    {
        if (fault != HandshakeFault.None)
        {
            End(Faults.RelayProtocol.With(link.Describe(Node), fault == HandshakeFault.BadKey ? "its key cannot be one" : "its first words make no sense"));
            return;
        }

        Post(handshake.WriteClientInfo(new() { CanAckPings = true }));
        isOpen = true;
        if (link.IsHome)
        {
            NotePreferred(true);
        }

        outgoing.Set();
    }

    void Post(ReadOnlySpan<byte> frame)
    {
        // Whoever asks more often than there is room for answers gets fewer.
        if (link.Queue.AddControl(frame))
        {
            outgoing.Set();
        }
    }

    FaultReport Lost(Exception? cause)
    {
        string relay = link.Describe(Node);
        if (isOpen && handshake.Server is null)
        {
            return Faults.RelayRefused.With(relay);
        }

        return cause is null or IOException { InnerException: null } ? Faults.RelayConnectionLost.With(relay) : RelayFaults.From(cause, relay);
    }
}
