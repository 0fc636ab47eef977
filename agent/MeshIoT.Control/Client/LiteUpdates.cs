using System;

namespace MeshIoT.Control;

/// <summary>
/// When a node tells its coordinator about itself: one update in flight, the latest state wins, tried again until it is taken, with a backoff of
/// its own. It holds no state but numbers and times; the caller sends, and asks again at <see cref="NextDue"/>. One thread. control-plane.md
/// section 8.
/// </summary>
public sealed class LiteUpdates
{
    long wanted, sent, told;
    int failures;
    bool inFlight;
    DateTimeOffset notBefore = DateTimeOffset.MinValue;

    /// <summary>How many sendings in a row have failed.</summary>
    public int Failures => failures;

    /// <summary>True if the coordinator knows the latest state.</summary>
    public bool IsSettled => told == wanted && !inFlight;

    /// <summary>When <see cref="TryBegin"/> will say yes; null = not before something changes or the one in flight has ended.</summary>
    public DateTimeOffset? NextDue => inFlight || told == wanted ? null : notBefore;

    /// <summary>There is something new to tell: at the start of each session, and whenever what would be told differs.</summary>
    /// <param name="now">Now.</param>
    /// <param name="settle">How long to wait for more of it; a change that comes meanwhile goes along.</param>
    public void Changed(DateTimeOffset now, TimeSpan settle = default)
    {
        bool isQuiet = told == wanted && !inFlight;
        wanted++;
        if (isQuiet && failures == 0)
        {
            notBefore = now + settle;
        }
    }

    /// <summary>True if the state of this moment is to be sent now; then <see cref="Ended"/> must follow.</summary>
    public bool TryBegin(DateTimeOffset now)
    {
        if (inFlight || told == wanted || now < notBefore)
        {
            return false;
        }

        inFlight = true;
        sent = wanted;
        return true;
    }

    /// <summary>The one in flight has ended.</summary>
    /// <param name="taken">The coordinator answered 200.</param>
    /// <param name="now">Now.</param>
    /// <param name="random01">In [0, 1), for the <see cref="Backoff"/>.</param>
    /// <param name="retryAfter">What the coordinator asked for, if it did.</param>
    public void Ended(bool taken, DateTimeOffset now, double random01, TimeSpan? retryAfter = null)
    {
        if (!inFlight)
        {
            return;
        }

        inFlight = false;
        if (taken)
        {
            told = sent;
            failures = 0;
            notBefore = now;
        }
        else
        {
            TimeSpan wait = Backoff.Next(++failures, random01);
            notBefore = now + (retryAfter is { } asked && asked > wait ? asked : wait);
        }
    }
}
