using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace MeshIoT.Control;

/// <content>The ends of keys, by the local clock. control-plane.md section 8.</content>
public sealed partial record Netmap
{
    /// <summary>A coordinator whose clock is before this one plays with time; nothing expires by it.</summary>
    internal static readonly DateTimeOffset EarliestTime = new(2023, 1, 10, 0, 0, 0, TimeSpan.Zero);

    /// <summary>False if the coordinator's clock says a time that cannot be; then no key ends by the clock.</summary>
    public bool HasUsableClock { get; init; } = true;

    /// <summary>True once the coordinator has said what time it is, and that time can be.</summary>
    public bool IsClockTold { get; init; }

    /// <summary>
    /// When <see cref="ApplyExpiry"/> has something to do next, by the local clock; null = never. It may be early: a peer that is gone may have
    /// been the reason.
    /// </summary>
    public DateTimeOffset? NextExpiry => !HasUsableClock || NextPeerExpiry is not { } next ? null : next - ClockOffset;

    /// <summary>True if this node's own key has ended: it must log in again.</summary>
    /// <param name="now">The local clock.</param>
    public bool IsSelfExpired(DateTimeOffset now) => Self.Expired || (HasUsableClock && Self.KeyExpiry is { } end && end <= now + ClockOffset);

    /// <summary>Earliest end of a peer's key that has not passed, by the coordinator's clock.</summary>
    internal DateTimeOffset? NextPeerExpiry { get; init; }

    /// <summary>
    /// The netmap in which every peer whose key has ended is <see cref="Peer.Expired"/>: this one if there is none, else the next version of it,
    /// whose <see cref="Changes"/> are those peers. Call it at <see cref="NextExpiry"/>.
    /// </summary>
    /// <param name="now">The local clock.</param>
    public Netmap ApplyExpiry(DateTimeOffset now)
    {
        if (NextExpiry is not { } due || now < due)
        {
            return this;
        }

        DateTimeOffset serverNow = now + ClockOffset;
        DateTimeOffset? next = null;
        List<Peer> ended = [];
        foreach (Peer peer in Peers)
        {
            if (peer.KeyExpiry is not { } end || peer.Expired)
            {
                continue;
            }

            if (end <= serverNow)
            {
                ended.Add(peer with { IsPastExpiry = true });
            }
            else if (next is null || end < next)
            {
                next = end;
            }
        }

        if (ended.Count == 0)
        {
            return this with { NextPeerExpiry = next };
        }

        ImmutableSortedDictionary<long, Peer>.Builder peers = Peers.ById.ToBuilder();
        foreach (Peer peer in ended)
        {
            peers[peer.ID] = peer;
        }

        return this with
        {
            Version = Version + 1,
            Changes = new NetmapChanges { Peers = ended },
            Peers = new PeerTable(peers.ToImmutable()),
            NextPeerExpiry = next,
        };
    }
}
