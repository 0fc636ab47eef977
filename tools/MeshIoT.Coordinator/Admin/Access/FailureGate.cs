using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>
/// Counts refused secrets per address (IPv6: per /64), and says when an address has had enough: some at once, then one in a while.
/// Remembers a bounded number of addresses; beyond that all others share one count.
/// </summary>
internal sealed class FailureGate(int burst, TimeSpan forgivenAfter, TimeProvider time)
{
    /// <summary>What a refused caller is told to wait, in seconds.</summary>
    public const int RetryAfterSeconds = 30;

    const int MaxRemembered = 10_000;

    readonly ConcurrentDictionary<IPAddress, TokenBucket> failures = new();
    readonly TokenBucket others = new(burst, 1 / forgivenAfter.TotalSeconds, time);

    /// <summary>True when no more attempts are heard.</summary>
    public bool IsShut(IPAddress? address) => failures.TryGetValue(KeyOf(address), out TokenBucket? bucket)
        ? bucket.IsEmpty
        : failures.Count >= MaxRemembered && others.IsEmpty;

    /// <summary>The fault for an address that has had enough.</summary>
    public static FaultException TooMany() => Faults.TooManyFailures.With(RetryAfterSeconds).ToException();

    /// <summary>Notes a refused attempt.</summary>
    public void Count(IPAddress? address)
    {
        IPAddress key = KeyOf(address);
        if (failures.Count >= MaxRemembered && !failures.ContainsKey(key))
        {
            foreach (IPAddress idle in failures.Where(f => f.Value.IsFull).Select(f => f.Key).ToArray())
            {
                failures.TryRemove(idle, out _);
            }
        }

        TokenBucket bucket = failures.Count < MaxRemembered || failures.ContainsKey(key)
            ? failures.GetOrAdd(key, _ => new TokenBucket(burst, 1 / forgivenAfter.TotalSeconds, time))
            : others;
        bucket.TryTake();
    }

    static IPAddress KeyOf(IPAddress? address) => RemoteAddress.GroupOf(address ?? IPAddress.None);
}
