using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <summary>
/// The shared secrets of our disco key with others', each computed once and kept while it is used. Bounded: the one unused for
/// longest is wiped when another needs its place.
/// </summary>
internal sealed class SecretCache(CryptoSuite suite, DiscoPrivateKey key, DiscoLimits limits) : IDisposable
{
    readonly Dictionary<DiscoPublicKey, Correspondent> known = [];
    readonly byte[] privateKey = GC.AllocateArray<byte>(32, pinned: true);

    /// <summary>How many were computed.</summary>
    public long Computed { get; private set; }

    /// <summary>How many are kept.</summary>
    public int Count => known.Count;

    /// <summary>The one that is kept, or null.</summary>
    public Correspondent? Find(DiscoPublicKey other, long nowMs)
    {
        if (known.TryGetValue(other, out Correspondent? found))
        {
            found.LastUsedMs = nowMs;
        }

        return found;
    }

    /// <summary>Computes one, or null when the key is no point to make a secret with.</summary>
    public Correspondent? Compute(DiscoPublicKey other, long nowMs)
    {
        Computed++;
        byte[] secret = GC.AllocateArray<byte>(32, pinned: true);
        key.Bytes.CopyTo(privateKey);
        bool valid = NaClBox.Precompute(suite, privateKey, other.ToArray(), secret);
        CryptographicOperations.ZeroMemory(privateKey);
        if (!valid)
        {
            return null;
        }

        if (known.Count >= limits.MostSecrets)
        {
            DropOldest();
        }

        Correspondent fresh = new(secret, limits) { LastUsedMs = nowMs };
        known.Add(other, fresh);
        return fresh;
    }

    /// <summary>Forgets one: its peer is gone or has another key.</summary>
    public void Forget(DiscoPublicKey other)
    {
        if (known.Remove(other, out Correspondent? gone))
        {
            gone.Dispose();
        }
    }

    /// <summary>Wipes all.</summary>
    public void Dispose()
    {
        foreach (Correspondent one in known.Values)
        {
            one.Dispose();
        }

        known.Clear();
    }

    void DropOldest()
    {
        DiscoPublicKey oldest = default;
        long when = long.MaxValue;
        foreach ((DiscoPublicKey other, Correspondent one) in known)
        {
            if (one.LastUsedMs < when)
            {
                (oldest, when) = (other, one.LastUsedMs);
            }
        }

        Forget(oldest);
    }
}
