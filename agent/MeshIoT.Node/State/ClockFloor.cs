using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MeshIoT.Health;

namespace MeshIoT.Node.State;

/// <summary>
/// A machine without a battery starts in 1970. What is certain: it is later than this release, and later than the last save.
/// data-plane.md section 11.3.
/// </summary>
internal static class ClockFloor
{
    /// <summary>No build of this version is older; moved with each release.</summary>
    public static readonly DateTimeOffset Release = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The earliest it can be, given what was saved.</summary>
    public static DateTimeOffset Earliest(NodeState state) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Max(Release.ToUnixTimeSeconds(), Math.Min(state.SavedAt, 253_402_300_799)));

    // A coordinator whose own clock is broken must not carry a node away with it.
    static readonly TimeSpan MostAhead = TimeSpan.FromDays(3660);

    /// <summary>
    /// What time it is: the clock's, unless that is certainly wrong and the coordinator, whose messages are authenticated, knows
    /// better. data-plane.md section 11.3.
    /// </summary>
    public static DateTimeOffset BestGuess(NodeState state, DateTimeOffset now, TimeSpan coordinatorAhead)
    {
        DateTimeOffset earliest = Earliest(state);
        if (now >= earliest)
        {
            return now;
        }

        bool knows = coordinatorAhead > earliest - now && coordinatorAhead < earliest - now + MostAhead;
        return knows ? now + coordinatorAhead : earliest;
    }

    /// <summary>A fault when the clock is more than a day behind what is certain; small steps back are everyday.</summary>
    public static FaultReport? Check(NodeState state, DateTimeOffset now)
    {
        DateTimeOffset earliest = Earliest(state);
        return now < earliest.AddDays(-1) ? Faults.ClockBehindFloor.With(Text(now), Text(earliest)) : null;
    }

    /// <summary>Reads 12 bytes of TAI64N from hex.</summary>
    public static bool TryParseReserve(string text, [NotNullWhen(true)] out byte[]? reserve)
    {
        reserve = null;
        if (text.Length != 24)
        {
            return false;
        }

        byte[] bytes = new byte[12];
        if (Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        reserve = bytes;
        return true;
    }

    static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
