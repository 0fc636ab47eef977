using System;
using MeshIoT.Crypto;

namespace MeshIoT.Paths.NetCheck;

/// <summary>
/// When the next check is due. A node that nobody talks to asks nobody: checks go on by themselves only while packets flow, to keep the
/// NAT's mapping known; else they come when something happened that <see cref="Want"/> tells of. data-plane.md section 2.6.
/// One thread at a time; times are those of a clock that never goes back.
/// </summary>
public sealed class CheckSchedule(RandomSource random, bool lowData = false)
{
    /// <summary>Packets within this time are traffic.</summary>
    public static TimeSpan SessionActiveTimeout { get; } = TimeSpan.FromSeconds(45);

    /// <summary>Own endpoints that are younger may be told to a peer.</summary>
    public static TimeSpan EndpointsFreshEnoughDuration { get; } = TimeSpan.FromSeconds(27);

    // Between 20 and 26 s; with low data as much as six of them. Where UDP is blocked there is no mapping to keep.
    static readonly TimeSpan PeriodLeast = TimeSpan.FromSeconds(20), PeriodSpread = TimeSpan.FromSeconds(6), BlockedPeriod = TimeSpan.FromMinutes(5);

    static readonly TimeSpan TroubledPeriod = TimeSpan.FromMinutes(10);

    // However often something happens.
    static readonly TimeSpan LeastGap = TimeSpan.FromSeconds(2);

    TimeSpan? endedAt;
    TimeSpan period;
    bool wanted;

    /// <summary>Whether the last check is recent enough for its endpoints to be told to a peer.</summary>
    public bool IsFresh(TimeSpan now) => endedAt is { } at && now - at < EndpointsFreshEnoughDuration;

    /// <summary>Something happened: another network, other relays, a home that went silent, a peer that wants to know where we are.</summary>
    public void Want() => wanted = true;

    /// <summary>Whether something happened that no check has looked at yet.</summary>
    public bool IsWanted => wanted;

    /// <summary>A check ended.</summary>
    public void Ended(TimeSpan now, bool udp)
    {
        byte[] bytes = new byte[2];
        random.Fill(bytes, 0, 2);
        period = PeriodLeast + (PeriodSpread * (BitConverter.ToUInt16(bytes) / 65536.0));
        period = !udp ? BlockedPeriod : lowData ? period * 6 : period;
        endedAt = now;
    }

    /// <summary>A check begins: it answers what was wanted until now.</summary>
    public void Begun() => wanted = false;

    /// <summary>When a check is due; null: not before something happens.</summary>
    /// <param name="hasPeers">There are peers to be reached by.</param>
    /// <param name="lastTraffic">When a packet last went to or came from one; null: never.</param>
    /// <param name="isTroubled">The last check found something wrong: a look now and then shows when it is over.</param>
    public TimeSpan? NextDue(bool hasPeers, TimeSpan? lastTraffic, bool isTroubled = false)
    {
        if (wanted)
        {
            return endedAt is { } last ? last + LeastGap : TimeSpan.MinValue;
        }

        // The traffic must still be traffic when the time has come.
        TimeSpan due = endedAt is { } at ? at + period : TimeSpan.MinValue;
        return hasPeers && lastTraffic is { } traffic && due - traffic < SessionActiveTimeout ? due
            : isTroubled && endedAt is { } ended ? ended + (lowData ? 3 * TroubledPeriod : TroubledPeriod)
            : null;
    }
}
