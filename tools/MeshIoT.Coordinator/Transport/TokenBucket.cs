using System;

namespace MeshIoT.Coordinator;

/// <summary>So many at once, so many a second after that. Thread-safe.</summary>
internal sealed class TokenBucket
{
    readonly object gate = new();
    readonly double burst, perSecond;
    readonly TimeProvider time;
    double tokens;
    long last;

    /// <summary>Starts full.</summary>
    public TokenBucket(double burst, double perSecond, TimeProvider time)
    {
        (this.burst, this.perSecond, this.time) = (burst, perSecond, time);
        (tokens, last) = (burst, time.GetTimestamp());
    }

    /// <summary>Takes one, or says false when none is left.</summary>
    public bool TryTake()
    {
        lock (gate)
        {
            Refill();
            if (tokens < 1)
            {
                return false;
            }

            tokens--;
            return true;
        }
    }

    /// <summary>True when the next <see cref="TryTake"/> would fail.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                Refill();
                return tokens < 1;
            }
        }
    }

    /// <summary>True when as many are there as there ever can be: nobody is counting on this bucket.</summary>
    public bool IsFull
    {
        get
        {
            lock (gate)
            {
                Refill();
                return tokens >= burst;
            }
        }
    }

    void Refill()
    {
        long now = time.GetTimestamp();
        tokens = Math.Min(burst, tokens + (time.GetElapsedTime(last, now).TotalSeconds * perSecond));
        last = now;
    }
}
