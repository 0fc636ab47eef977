using System;
using MeshIoT.Health;
using MeshIoT.Node.Session;
using MeshIoT.WireGuard;

namespace MeshIoT.Node.State;

/// <summary>
/// Handshake timestamps that never go back, not even over a restart with the clock at 1970: about once a day a time some way
/// ahead goes to the disk, and after a restart all timestamps lie beyond it. data-plane.md section 11.3. Engine thread only.
/// </summary>
internal sealed class DurableTimestamps : TimestampSource
{
    readonly Tai64nClock clock;
    readonly StateStore store;
    readonly HealthBoard health;
    readonly TimeProvider wall;

    /// <summary>Takes up where the saved state left off.</summary>
    public DurableTimestamps(StateStore store, HealthBoard health, TimeProvider wall)
    {
        this.store = store;
        this.health = health;
        this.wall = wall;
        clock = new Tai64nClock(ClockFloor.Earliest(store.Current).ToUnixTimeMilliseconds());
        if (store.Current.TimestampReserve is { } text && ClockFloor.TryParseReserve(text, out byte[]? reserve))
        {
            clock.RestoreFloor(reserve, 0);
        }
    }

    /// <inheritdoc/>
    public override void Next(byte[] output, int offset)
    {
        long now = Math.Max(wall.GetUtcNow().ToUnixTimeMilliseconds(), ClockFloor.Earliest(store.Current).ToUnixTimeMilliseconds());
        clock.SetWallTime(now);
        clock.Next(output, offset);
        if (!clock.ReserveDue)
        {
            return;
        }

        byte[] reserve = new byte[Tai64nClock.Size];
        clock.CopyReserve(reserve, 0);
        try
        {
            store.Update(state => state.TimestampReserve = Convert.ToHexStringLower(reserve));
            health.Clear(HealthTopic.State);
        }
        catch (FaultException e)
        {
            // Peers are reached now; only a restart with a wrong clock would miss the note.
            health.Set(HealthTopic.State, e.Report);
        }
    }
}
