using System;
using System.Linq;
using MeshIoT.Control;

namespace MeshIoT.Node.Session;

/// <summary>A netmap as it is good for at one moment: peers whose keys have expired are gone, and so may be this node's own right.</summary>
/// <param name="Netmap">The netmap without expired peers.</param>
/// <param name="SelfExpired">Whether this node's key has expired.</param>
/// <param name="Next">When the next key expires; null: none does.</param>
internal sealed record ExpiryCut(Netmap Netmap, bool SelfExpired, DateTimeOffset? Next)
{
    // Times before are a test server's or no times at all. control-plane.md section 5.3, ControlTime.
    static readonly DateTimeOffset Earliest = new(2023, 1, 10, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Cuts at the coordinator's time <paramref name="now"/>.</summary>
    public static ExpiryCut At(Netmap netmap, DateTimeOffset now)
    {
        if (now < Earliest)
        {
            return new ExpiryCut(netmap, netmap.Self.Expired, null);
        }

        DateTimeOffset? next = null;
        bool Lives(DateTimeOffset? expiry)
        {
            if (expiry is { } end && end > now && (next is null || end < next))
            {
                next = end;
            }

            return expiry is not { } over || over > now;
        }

        bool selfLives = Lives(netmap.Self.KeyExpiry) && !netmap.Self.Expired;
        bool[] alive = [.. netmap.Peers.Select(peer => Lives(peer.KeyExpiry))];
        return new ExpiryCut(
            alive.Contains(false) ? netmap with { Peers = PeerTable.Of(netmap.Peers.Where((_, i) => alive[i])) } : netmap, !selfLives, next);
    }
}
