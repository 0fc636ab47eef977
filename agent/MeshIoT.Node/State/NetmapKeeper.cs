using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Node.Session;

namespace MeshIoT.Node.State;

/// <summary>
/// Keeps the last netmap on the disk and spares the disk: what a restart would not miss is never written, what it would miss
/// after ten minutes at the earliest, where peers are found every six hours; and what is left when the node stops. Any thread.
/// </summary>
internal sealed class NetmapKeeper : IDisposable
{
    static readonly TimeSpan Settle = TimeSpan.FromSeconds(5), EssencePause = TimeSpan.FromMinutes(10), PathsPause = TimeSpan.FromHours(6);

    readonly string path;
    readonly HealthBoard health;
    readonly TimeProvider clock;
    readonly ITimer timer;
    readonly Lock gate = new();
    Netmap? kept, latest;
    DateTimeOffset? writtenAt;
    bool settling, closed;

    /// <summary>Keeps it in this directory.</summary>
    public NetmapKeeper(string directory, HealthBoard health, TimeProvider clock)
    {
        path = Path.Combine(Path.GetFullPath(directory), "netmap.kept");
        this.health = health;
        this.clock = clock;
        timer = clock.CreateTimer(static keeper => ((NetmapKeeper)keeper!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Files written since the start.</summary>
    public int Writes { get; private set; }

    /// <summary>The kept netmap for this node key and when it was written; null: none that can be used, which the health list says if there is a bad one.</summary>
    public async ValueTask<(Netmap Netmap, DateTimeOffset WrittenAt)?> LoadAsync(NodePublicKey ownKey, CancellationToken ct)
    {
        (Netmap? netmap, DateTimeOffset at, string? fault) = await KeptNetmapFile.ReadAsync(path, ownKey, clock, ct).ConfigureAwait(false);
        if (fault is not null)
        {
            health.Set(HealthTopic.Netmap, Faults.KeptNetmapUnreadable.With(path, fault));
        }

        if (netmap is null)
        {
            return null;
        }

        lock (gate)
        {
            kept = netmap;
        }

        return (netmap, at);
    }

    /// <summary>A new netmap came.</summary>
    public void Offer(Netmap netmap)
    {
        lock (gate)
        {
            latest = netmap;
            if (!settling && !closed)
            {
                settling = true;
                timer.Change(Settle, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The node has left this tailnet: nothing is kept of it.</summary>
    public void Forget()
    {
        lock (gate)
        {
            (kept, latest, writtenAt) = (null, null, null);
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                health.Set(HealthTopic.Netmap, Faults.NetmapNotKept.With(path, e.Message.TrimEnd('.')));
            }
        }
    }

    /// <summary>Writes what is left.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            timer.Dispose();
            if (latest is { } netmap && NetmapComparison.Compare(kept, netmap) != NetmapDifference.None)
            {
                Write(netmap);
            }
        }
    }

    void OnTimer()
    {
        lock (gate)
        {
            settling = false;
            if (closed || latest is not { } netmap)
            {
                return;
            }

            NetmapDifference difference = NetmapComparison.Compare(kept, netmap);
            if (difference == NetmapDifference.None)
            {
                kept = netmap;
                return;
            }

            TimeSpan pause = difference == NetmapDifference.Essence ? EssencePause : PathsPause;
            TimeSpan left = writtenAt is { } at ? at + pause - clock.GetUtcNow() : TimeSpan.Zero;
            if (left <= TimeSpan.Zero || left > pause)
            {
                Write(netmap);
            }
            else
            {
                kept = kept is null ? null : NetmapComparison.Share(kept, netmap);

                // The next netmap is looked at all the same: what is essential does not wait for what is not.
                timer.Change(left, Timeout.InfiniteTimeSpan);
            }
        }
    }

    void Write(Netmap netmap)
    {
        writtenAt = clock.GetUtcNow();
        try
        {
            KeptNetmapFile.Write(path, netmap, writtenAt.Value);
            kept = netmap;
            Writes++;
            health.Clear(HealthTopic.Netmap);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            health.Set(HealthTopic.Netmap, Faults.NetmapNotKept.With(path, e.Message.TrimEnd('.')));
        }
    }
}
