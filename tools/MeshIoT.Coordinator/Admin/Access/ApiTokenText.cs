using System;
using System.Text;
using MeshIoT.Crypto;
using MeshIoT.Provisioning;

namespace MeshIoT.Coordinator;

/// <summary>
/// The text of an API token: <c>mtok-</c> and 26 Crockford characters, 130 random bits. Such a secret needs no salt and no slow hash,
/// and finding it by its hash takes the same time whether it is nearly right or not at all.
/// </summary>
internal static class ApiTokenText
{
    public const string Prefix = "mtok-";

    const int Length = 26, RandomBytes = 17;

    /// <summary>A new token. A secret.</summary>
    public static string Generate(RandomSource random)
    {
        byte[] bytes = new byte[RandomBytes];
        random.Fill(bytes, 0, bytes.Length);
        Span<char> characters = stackalloc char[Length];
        CrockfordBase32.Encode(bytes, characters);
        Array.Clear(bytes);
        return string.Concat(Prefix, characters);
    }

    /// <summary>What is stored of <paramref name="text"/>; null when it is not in the form of a token.</summary>
    public static string? HashOf(string text)
    {
        Span<char> characters = stackalloc char[Length];
        if (text.Length != Prefix.Length + Length || !text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            || CrockfordBase32.Normalize(text.AsSpan(Prefix.Length), characters) != Length)
        {
            return null;
        }

        return SecretHash.Of(Prefix + characters.ToString());
    }
}
