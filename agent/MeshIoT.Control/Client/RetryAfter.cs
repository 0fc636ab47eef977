using System;
using System.Net.Http.Headers;

namespace MeshIoT.Control;

/// <summary>What a busy server wants. control-plane.md section 4.</summary>
internal static class RetryAfter
{
    static readonly TimeSpan Longest = TimeSpan.FromHours(1), Shortest = TimeSpan.FromMilliseconds(100);

    /// <summary>Seconds or a date, as the server says; 5 to 10 s if it says nothing, nonsense, or more than an hour.</summary>
    public static TimeSpan Read(RetryConditionHeaderValue? header, DateTimeOffset now, double random01)
    {
        TimeSpan? wanted = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return wanted is { } wait && wait >= TimeSpan.Zero && wait <= Longest
            ? (wait < Shortest ? Shortest : wait)
            : TimeSpan.FromSeconds(5 + (5 * Math.Clamp(random01, 0, 1)));
    }
}
