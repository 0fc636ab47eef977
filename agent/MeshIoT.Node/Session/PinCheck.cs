using System;
using MeshIoT.Crypto;

namespace MeshIoT.Node.Session;

/// <summary>
/// Compares a coordinator's key with the pin of a QR code: the first 16 Crockford base32 characters (80 bits) of its
/// BLAKE2s-256. Letters of either case, dashes and spaces ignored, and I, L, O read as the digits they are taken for.
/// </summary>
internal static class PinCheck
{
    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const int Length = 16;

    /// <summary>Whether the text can be a pin.</summary>
    public static bool IsPin(string text) => Normalize(text) is not null;

    /// <summary>Whether this is the key the pin was made from.</summary>
    public static bool Matches(string pin, MachinePublicKey key) => Normalize(pin) == PinOf(key);

    /// <summary>The pin of a key.</summary>
    public static string PinOf(MachinePublicKey key)
    {
        byte[] digest = new byte[32];
        Blake2s.Hash(key.ToArray(), 0, 32, digest, 0);
        return string.Create(Length, digest, static (text, bytes) =>
        {
            for (int i = 0; i < Length; i++)
            {
                int bit = i * 5;
                int pair = (bytes[bit / 8] << 8) | bytes[(bit / 8) + 1];
                text[i] = Alphabet[(pair >> (11 - (bit % 8))) & 31];
            }
        });
    }

    static string? Normalize(string text)
    {
        Span<char> normal = stackalloc char[Length];
        int count = 0;
        foreach (char c in text)
        {
            char upper = char.ToUpperInvariant(c) switch { 'I' or 'L' => '1', 'O' => '0', char other => other };
            if (upper is '-' or ' ')
            {
                continue;
            }

            if (count == Length || !Alphabet.Contains(upper, StringComparison.Ordinal))
            {
                return null;
            }

            normal[count++] = upper;
        }

        return count == Length ? new string(normal) : null;
    }
}
