using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Coordinator;

/// <summary>A <see cref="TokenBucket"/> for each address; a bounded number, the full ones are forgotten first. Thread-safe.</summary>
internal sealed class AddressBuckets(double burst, double perSecond, TimeProvider time)
{
    const int MaxRemembered = 10_000;

    readonly Dictionary<string, TokenBucket> buckets = new(StringComparer.Ordinal);

    /// <summary>Takes one from <paramref name="address"/>, or says false when it has none left, or too many addresses ask at once.</summary>
    public bool TryTake(string address)
    {
        lock (buckets)
        {
            if (!buckets.TryGetValue(address, out TokenBucket? bucket))
            {
                MakeRoom();
                if (buckets.Count >= MaxRemembered)
                {
                    return false;
                }

                buckets[address] = bucket = new TokenBucket(burst, perSecond, time);
            }

            return bucket.TryTake();
        }
    }

    /// <summary>True when <paramref name="address"/> has none left.</summary>
    public bool IsEmpty(string address)
    {
        lock (buckets)
        {
            return buckets.TryGetValue(address, out TokenBucket? bucket) && bucket.IsEmpty;
        }
    }

    void MakeRoom()
    {
        if (buckets.Count >= MaxRemembered)
        {
            foreach (string idle in buckets.Where(b => b.Value.IsFull).Select(b => b.Key).ToArray())
            {
                buckets.Remove(idle);
            }
        }
    }
}
