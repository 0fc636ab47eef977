using System;
using MeshIoT.Disco;

namespace MeshIoT.Paths.Peers;

/// <summary>
/// What decides where a peer's datagrams go: the endpoint that answered pings, where its authentic packets come from, its home relay and
/// the relay by which it last reached us. data-plane.md section 2.7. One thread; nothing is allocated after the constructor.
/// </summary>
public sealed class PeerPath
{
    const int EndpointSize = 18;

    readonly byte[] heardAt = new byte[EndpointSize];
    long heardMs = -1;

    /// <summary>What pings found out; null for a peer without a disco key.</summary>
    public DiscoPeer? Disco { get; set; }

    /// <summary>The region of its home relay, from the netmap; 0: none known.</summary>
    public int Home { get; set; }

    /// <summary>The region by which it last reached us and is not known to have left; 0: none.</summary>
    public int Reached { get; private set; }

    /// <summary>When an authentic packet last came by relay; -1: never.</summary>
    public long RelayedMs { get; private set; } = -1;

    /// <summary>Whether the direct path still works.</summary>
    public PathWatch Watch { get; } = new();

    /// <summary>Where its last authentic packet came from that came directly, 18 bytes that the next one changes, or null.</summary>
    public byte[]? HeardAt => heardMs < 0 ? null : heardAt;

    /// <summary>
    /// The direct endpoint to use, or null: the one that proved itself by a pong; while that is not trusted, whichever of it and the
    /// source of the last authentic packet is the more recent.
    /// </summary>
    public byte[]? DirectAt(long nowMs)
    {
        byte[]? confirmed = Disco?.Best;
        bool heardElsewhere = confirmed is not null && heardMs > Disco!.LastPongMs && !Disco.IsTrusted(nowMs);
        return confirmed is null || heardElsewhere ? HeardAt : confirmed;
    }

    /// <summary>A trusted direct path alone; otherwise the best there is, and the relay.</summary>
    public SendChoice Choose(long nowMs) =>
        Disco is { Best: { } best } peer && peer.IsTrusted(nowMs) ? new(best, ByRelay: false) : new(DirectAt(nowMs), ByRelay: true);

    /// <summary>
    /// Which relay leads to the peer; 0: none. Its home, except where that is not connected and another, by which the peer reached us, is.
    /// </summary>
    public int Region(bool homeIsOpen, bool reachedIsOpen) => Home == 0 || (!homeIsOpen && reachedIsOpen && Reached != 0) ? Reached : Home;

    /// <summary>An authentic packet came directly; true when it came from another place than the last one.</summary>
    public bool Heard(ReadOnlySpan<byte> source18, long nowMs)
    {
        bool elsewhere = heardMs < 0 || !source18.SequenceEqual(heardAt);
        if (elsewhere)
        {
            source18[..EndpointSize].CopyTo(heardAt);
        }

        heardMs = nowMs;
        if (Disco?.Best is { } best && source18.SequenceEqual(best))
        {
            Watch.Alive(nowMs);
        }

        return elsewhere;
    }

    /// <summary>An authentic packet came by relay; true when that is reason to doubt the direct path: the peer does.</summary>
    public bool HeardByRelay(int region, long nowMs)
    {
        Reached = region;
        RelayedMs = nowMs;
        return Disco is { } peer && peer.IsTrusted(nowMs) && Watch.Relayed(nowMs, peer.LastPongMs);
    }

    /// <summary>The relay says that the peer is not connected to it (any more).</summary>
    public void LeftRelay(int region)
    {
        if (Reached == region)
        {
            Reached = 0;
        }
    }

    /// <summary>This machine is on another network: where the peer was heard says little of where it can be reached from here.</summary>
    public void Forget()
    {
        heardMs = -1;
        Watch.Reset();
    }
}
