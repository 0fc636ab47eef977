using System;

namespace MeshIoT.Node.Session;

/// <summary>
/// When a node key that expires is to be replaced: a tenth of its life before the end, or as the settings say. A coordinator
/// may want a person for it, so a day is the least where the life allows it.
/// </summary>
internal static class RenewalSchedule
{
    static readonly TimeSpan LeastLead = TimeSpan.FromDays(1), UsualLead = TimeSpan.FromDays(7);

    /// <summary>When to begin; null: never.</summary>
    /// <param name="expiry">When the key expires; null: never.</param>
    /// <param name="since">When it was accepted; null: not known.</param>
    /// <param name="lead">What the settings say; null: a tenth of the life; zero: never by itself.</param>
    public static DateTimeOffset? Due(DateTimeOffset? expiry, DateTimeOffset? since, TimeSpan? lead)
    {
        if (expiry is not { } end || lead == TimeSpan.Zero)
        {
            return null;
        }

        // A time before the year 1 has room for it means "long over".
        TimeSpan life = since is { } from && from < end ? end - from : TimeSpan.MaxValue;
        TimeSpan early = lead ?? (life == TimeSpan.MaxValue ? UsualLead : Max(life / 10, Min(LeastLead, life / 4)));
        early = Min(early, life / 2);
        return end - DateTimeOffset.MinValue <= early ? DateTimeOffset.MinValue : end - early;
    }

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
