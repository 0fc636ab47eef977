using System;
using System.Globalization;
using System.Text;

namespace MeshIoT.Crypto;

/// <summary>
/// Passwords as Argon2id (RFC 9106) in the usual text form <c>$argon2id$v=19$m=7168,t=5,p=1$SALT$HASH</c>, by libsodium. 7 MiB and five passes
/// are one of the settings that OWASP gives as equal to 19 MiB and two; a gateway has no 19 MiB to spare for a login.
/// </summary>
public static unsafe class PasswordHash
{
    /// <summary>Longest password, bytes of UTF-8.</summary>
    public const int LongestPassword = 1024;

    /// <summary>Most memory that a hash of a file may ask for, KiB.</summary>
    public const int MostKib = 65_536;

    const int TextBytes = 128, Passes = 5, Memory = 7 * 1024 * 1024, MostPasses = 20;

    /// <summary>Hashes a password with a fresh salt; takes some tens of milliseconds.</summary>
    public static string Make(ReadOnlySpan<byte> password)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(password.Length, LongestPassword);
        byte* text = stackalloc byte[TextBytes];
        fixed (byte* start = password)
        {
            if (Sodium.crypto_pwhash_str(text, start, (ulong)password.Length, Passes, Memory) != 0)
            {
                throw new InvalidOperationException("there is no memory to hash the password: 7 MiB are needed");
            }
        }

        return Encoding.ASCII.GetString(new ReadOnlySpan<byte>(text, TextBytes).TrimEnd((byte)0));
    }

    /// <summary>True when the password is the one that was hashed. False for a text that <see cref="IsWellFormed"/> refuses.</summary>
    public static bool Verify(string hash, ReadOnlySpan<byte> password)
    {
        if (!IsWellFormed(hash) || password.Length > LongestPassword)
        {
            return false;
        }

        byte* text = stackalloc byte[TextBytes];
        new Span<byte>(text, TextBytes).Clear();
        Encoding.ASCII.GetBytes(hash, new Span<byte>(text, TextBytes - 1));
        fixed (byte* start = password)
        {
            return Sodium.crypto_pwhash_str_verify(text, start, (ulong)password.Length) == 0;
        }
    }

    /// <summary>True for the text form of Argon2id within the bounds that this machine is asked for.</summary>
    public static bool IsWellFormed(string hash)
    {
        string[] parts = hash.Split('$');
        if (hash.Length >= TextBytes || parts.Length != 6 || parts[0].Length != 0 || parts[1] != "argon2id" || parts[2] != "v=19" || parts[4].Length < 11 || parts[5].Length < 22)
        {
            return false;
        }

        string[] costs = parts[3].Split(',');
        return costs.Length == 3 && Cost(costs[0], "m=", MostKib) && Cost(costs[1], "t=", MostPasses) && Cost(costs[2], "p=", 1);
    }

    static bool Cost(string text, string name, int most) => text.StartsWith(name, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int cost) && cost > 0 && cost <= most;
}
