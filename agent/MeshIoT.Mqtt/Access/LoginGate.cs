using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;

namespace MeshIoT.Mqtt.Access;

/// <summary>
/// Decides whether a client is who it says. A hash costs 7 MiB and some tens of milliseconds, so one is worked out at a time, few may wait, an
/// address that guessed wrongly five times within a minute waits that minute, and a password that was right is known again by a keyed
/// digest of it: a rush of clients after a restart costs one hash each user.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class LoginGate(TimeProvider time) : IDisposable
{
    /// <summary>Wrong passwords of one address within a minute before it has to wait.</summary>
    public const int MostFailures = 5;

    const int MostWaiting = 16, MostAddresses = 1024, MostKnown = 1024;

    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim one = new(1, 1);
    readonly Lock gate = new();
    readonly Dictionary<IPAddress, (int Count, long Since)> failures = [];
    readonly Dictionary<string, byte[]> known = new(StringComparer.Ordinal);
    readonly byte[] key = RandomKey();
    int waiting;

    /// <summary>Checks a password. The nameless user has none to check.</summary>
    /// <param name="user">Who the client says it is; null for a name that nobody has, which takes as long.</param>
    /// <param name="password">What it gave.</param>
    /// <param name="from">Its address; null: not from a network.</param>
    public async ValueTask<LoginResult> CheckAsync(MqttUser? user, ReadOnlyMemory<byte> password, IPAddress? from)
    {
        if (user is { Name.Length: 0 })
        {
            return LoginResult.Welcome;
        }

        byte[] digest = new byte[Blake2s.MaxDigestSize];
        if (user is not null && password.Length <= PasswordHash.LongestPassword)
        {
            digest = Digest(user, password.Span);
            lock (gate)
            {
                if (known.TryGetValue(user.Name, out byte[]? last) && ConstantTime.Equal(last, 0, digest, 0, digest.Length))
                {
                    return LoginResult.Welcome;
                }
            }
        }

        if (MustWait(from))
        {
            return LoginResult.TooMany;
        }

        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return LoginResult.TooMany;
        }

        bool isRight;
        await one.WaitAsync();
        try
        {
            isRight = PasswordHash.Verify(user?.PasswordHash ?? Nobody, password.Span) && user is not null;
        }
        finally
        {
            one.Release();
            Interlocked.Decrement(ref waiting);
        }

        Note(user, digest, from, isRight);
        return isRight ? LoginResult.Welcome : LoginResult.Wrong;
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    // The hash of a password that nobody knows: names that do not exist must not answer faster than names that do.
    static string Nobody => LazyNobody.Value;

    static readonly Lazy<string> LazyNobody = new(static () => PasswordHash.Make(RandomKey()));

    bool MustWait(IPAddress? from)
    {
        lock (gate)
        {
            return from is not null && failures.TryGetValue(from, out (int Count, long Since) entry) && entry.Count >= MostFailures && time.GetElapsedTime(entry.Since) < Window;
        }
    }

    void Note(MqttUser? user, byte[] digest, IPAddress? from, bool isRight)
    {
        lock (gate)
        {
            if (isRight)
            {
                if (known.Count >= MostKnown)
                {
                    known.Clear();
                }

                known[user!.Name] = digest;
                return;
            }

            if (from is not null)
            {
                if (failures.Count >= MostAddresses)
                {
                    failures.Clear();
                }

                (int Count, long Since) entry = failures.GetValueOrDefault(from);
                failures[from] = entry.Count == 0 || time.GetElapsedTime(entry.Since) >= Window ? (1, time.GetTimestamp()) : (entry.Count + 1, entry.Since);
            }
        }
    }

    byte[] Digest(MqttUser user, ReadOnlySpan<byte> password)
    {
        byte[] digest = new byte[Blake2s.MaxDigestSize], hash = Encoding.ASCII.GetBytes(user.PasswordHash), given = password.ToArray();
        Blake2s state = new(digest.Length, key);
        state.Update(hash, 0, hash.Length);
        state.Update(given, 0, given.Length);
        state.Finish(digest, 0);
        Array.Clear(given);
        return digest;
    }

    static byte[] RandomKey()
    {
        byte[] made = new byte[Blake2s.MaxKeySize];
        new SystemRandomSource().Fill(made, 0, made.Length);
        return made;
    }
}
