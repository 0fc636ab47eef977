using System;

namespace MeshIoT.Provisioning;

/// <summary>
/// Crockford's base 32: digits and letters without I, L, O and U, so that print, eye and keyboard agree.
/// Reading forgives lower case, dashes, spaces, and O for 0, I and L for 1.
/// </summary>
public static class CrockfordBase32
{
    /// <summary>The 32 characters in the order of their values.</summary>
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The value of <paramref name="c"/>, 0 to 31, or -1 when it is no character of the alphabet.</summary>
    public static int ValueOf(char c)
    {
        char upper = c is >= 'a' and <= 'z' ? (char)(c - 32) : c;
        return upper switch
        {
            'O' => 0,
            'I' or 'L' => 1,
            _ => Alphabet.IndexOf(upper, StringComparison.Ordinal),
        };
    }

    /// <summary>Writes the first bits of <paramref name="bytes"/> as characters, five bits each, highest bit first.</summary>
    /// <exception cref="ArgumentException">There are fewer bits than the characters need.</exception>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<char> characters)
    {
        if (characters.Length * 5 > bytes.Length * 8)
        {
            throw new ArgumentException("too few bytes for that many characters", nameof(bytes));
        }

        for (int i = 0; i < characters.Length; i++)
        {
            int bit = i * 5, at = bit >> 3;
            int window = (bytes[at] << 8) | (at + 1 < bytes.Length ? bytes[at + 1] : 0);
            characters[i] = Alphabet[(window >> (11 - (bit & 7))) & 31];
        }
    }

    /// <summary>
    /// Reads <paramref name="text"/> into the canonical upper-case characters and says how many there are;
    /// -1 for a character outside the alphabet, and more than <paramref name="canonical"/> holds counts as its length plus one.
    /// </summary>
    public static int Normalize(ReadOnlySpan<char> text, Span<char> canonical)
    {
        int count = 0;
        foreach (char c in text)
        {
            if (c is '-' or ' ' or '\t')
            {
                continue;
            }

            int value = ValueOf(c);
            if (value < 0)
            {
                return -1;
            }

            if (count == canonical.Length)
            {
                return canonical.Length + 1;
            }

            canonical[count++] = Alphabet[value];
        }

        return count;
    }
}
