using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Derp;

/// <summary>
/// A node's connections to relays: one per region, the home region's always, others while they are used. It needs nothing but TCP: where
/// UDP is blocked it carries everything. A new node key takes a new pool. Every member may be called on any thread.
/// <para>Moving home takes three steps, so that no packet meets an empty chair: <see cref="PrepareHome"/> connects the new region, the
/// caller tells the coordinator, <see cref="SetHome"/> makes it the home and leaves the old one for a minute.</para>
/// </summary>
public sealed class DerpPool : DerpSender, IAsyncDisposable
{
    const int MostRegions = 1000;

    readonly DerpPoolOptions options;
    readonly RelayDialer dialer;
    readonly Milliseconds clock;
    readonly BatchSource batches = new();
    readonly Lock gate = new();
    Dictionary<int, RegionLink> links = [];   // replaced, never changed
    int home, prepared;
    bool disposed;

    /// <summary>A pool without regions; nothing is dialled before <see cref="SetMap"/>.</summary>
    public DerpPool(DerpPoolOptions options)
    {
        this.options = options;
        dialer = new(options);
        clock = new(options.Time);
    }

    /// <summary>The home region; 0 while there is none.</summary>
    public int Home
    {
        get
        {
            lock (gate)
            {
                return home;
            }
        }
    }

    /// <summary>All regions, by number.</summary>
    public IReadOnlyList<DerpRegionState> States => [.. Volatile.Read(ref links).Values.Select(static link => link.State()).OrderBy(static state => state.Region)];

    /// <summary>One region; null when the map does not name it.</summary>
    public DerpRegionState? StateOf(int region) => Volatile.Read(ref links).GetValueOrDefault(region)?.State();

    /// <summary>
    /// Takes a relay map. Regions that are the same keep their connection; others are dialled anew, those no longer named are closed, and
    /// with them goes what waited for them.
    /// </summary>
    public void SetMap(DerpMap? map)
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            Dictionary<int, RegionLink> next = [];
            foreach ((int id, DerpRegion? entry) in map?.Regions ?? new Dictionary<int, DerpRegion?>())
            {
                if (entry is null || id is <= 0 or > ushort.MaxValue || next.Count == MostRegions)
                {
                    continue;
                }

                RelayRegion region = RelayRegion.From(id, entry);
                RegionLink? link = links.GetValueOrDefault(id);
                next[id] = link is not null && link.Region.Equals(region) ? link : Create(region);
            }

            foreach (RegionLink old in links.Values.Where(old => next.GetValueOrDefault(old.Id) != old))
            {
                _ = old.StopAsync();
            }

            Volatile.Write(ref links, next);
        }
    }

    /// <summary>Connects the region that is about to become home and keeps it; 0 takes that back.</summary>
    public void PrepareHome(int region)
    {
        lock (gate)
        {
            links.GetValueOrDefault(prepared)?.SetHeld(false);
            prepared = region;
            links.GetValueOrDefault(prepared)?.SetHeld(true);
        }
    }

    /// <summary>Makes a region home: peers look for us there. The coordinator has been told before. 0: none.</summary>
    public void SetHome(int region)
    {
        lock (gate)
        {
            if (region != home)
            {
                links.GetValueOrDefault(home)?.SetHome(false);
                home = region;
            }

            links.GetValueOrDefault(home)?.SetHome(true);
        }

        PrepareHome(0);
    }

    /// <summary>
    /// The network of this machine has changed, or it woke up: connections whose address is gone end at once, others must answer within
    /// three seconds, and regions that wait to be dialled again are dialled now.
    /// </summary>
    public void NetworkChanged()
    {
        foreach (RegionLink link in Volatile.Read(ref links).Values)
        {
            link.Doubt();
        }
    }

    /// <inheritdoc/>
    public override bool Send(int region, NodePublicKey destination, ReadOnlySpan<byte> packet, bool more = false)
    {
        if (packet.Length > DerpFrames.LargestPacket || !Volatile.Read(ref links).TryGetValue(region, out RegionLink? link))
        {
            return false;
        }

        link.Send(destination, packet, more);
        return true;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        foreach (RegionLink link in Volatile.Read(ref links).Values)
        {
            link.Flush();
        }
    }

    /// <inheritdoc/>
    public override bool IsConnected(int region) => Volatile.Read(ref links).TryGetValue(region, out RegionLink? link) && link.IsConnected;

    /// <summary>Closes everything; batches that are still out stay valid.</summary>
    public async ValueTask DisposeAsync()
    {
        Dictionary<int, RegionLink> last;
        lock (gate)
        {
            disposed = true;
            last = links;
            Volatile.Write(ref links, []);
        }

        await Task.WhenAll(last.Values.Select(static link => link.StopAsync())).ConfigureAwait(false);
    }

    RegionLink Create(RelayRegion region)
    {
        RegionLink link = new(region, options, dialer, batches, clock);
        if (region.Id == home)
        {
            link.SetHome(true);
        }

        if (region.Id == prepared)
        {
            link.SetHeld(true);
        }

        return link;
    }
}
