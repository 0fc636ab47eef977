using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Provisioning;

namespace MeshIoT.Coordinator;

/// <summary>
/// One-off codes with which a person shows the login page who it is: 10 Crockford characters (50 random bits), 15 minutes, one use.
/// Kept as hashes, in memory only: a restart ends them all.
/// </summary>
internal sealed class LoginCodes(RandomSource random, TimeProvider time)
{
    /// <summary>How long a code is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    const int Length = 10, RandomBytes = 7, MaxOpen = 1000;

    readonly Lock gate = new();
    readonly Dictionary<string, (long UserId, DateTimeOffset Expires)> open = [];

    /// <summary>A new code for a user, in two groups. A secret.</summary>
    /// <exception cref="FaultException">Too many are open.</exception>
    public (string Code, DateTimeOffset Expires) Create(long userId)
    {
        byte[] bytes = new byte[RandomBytes];
        random.Fill(bytes, 0, bytes.Length);
        Span<char> characters = stackalloc char[Length];
        CrockfordBase32.Encode(bytes, characters);
        Array.Clear(bytes);
        DateTimeOffset now = time.GetUtcNow(), expires = now + Lifetime;
        lock (gate)
        {
            foreach (string old in open.Where(c => c.Value.Expires <= now).Select(c => c.Key).ToArray())
            {
                open.Remove(old);
            }

            if (open.Count >= MaxOpen)
            {
                throw Checks.Conflict($"{MaxOpen} login codes are open", "Wait until some have been used or have expired.");
            }

            open[SecretHash.Of(characters.ToString())] = (userId, expires);
        }

        return ($"{characters[..5]}-{characters[5..]}", expires);
    }

    /// <summary>Takes an open code out: whose it is; null when it is nobody's. Of two who try at once, one gets it.</summary>
    public TakenCode? Take(string typed)
    {
        if (HashOf(typed) is not { } hash)
        {
            return null;
        }

        lock (gate)
        {
            return open.Remove(hash, out var code) && code.Expires > time.GetUtcNow() ? new TakenCode(hash, code.UserId, code.Expires) : null;
        }
    }

    /// <summary>Opens a taken code again, because what it was taken for did not come about.</summary>
    public void PutBack(TakenCode code)
    {
        lock (gate)
        {
            open[code.Hash] = (code.UserId, code.Expires);
        }
    }

    static string? HashOf(string typed)
    {
        Span<char> characters = stackalloc char[Length];
        return typed.Length <= 64 && CrockfordBase32.Normalize(typed, characters) == Length ? SecretHash.Of(characters.ToString()) : null;
    }
}

/// <summary>A code that was open until now.</summary>
/// <param name="Hash">What is kept of it.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Expires">How long it would have been good.</param>
internal sealed record TakenCode(string Hash, long UserId, DateTimeOffset Expires);
