using System;
using System.Diagnostics.CodeAnalysis;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Provisioning;

/// <summary>
/// The auth key in the form that fits on a label: 24 Crockford characters, 23 random (115 bits) and one check character.
/// It is a secret: it prints itself only through <see cref="ExportText"/> and <see cref="ExportGroups"/>.
/// </summary>
public sealed class Claim
{
    /// <summary>Characters in a claim.</summary>
    public const int Length = 24;

    /// <summary>Longest typed text that is looked at; anything longer is no claim.</summary>
    public const int MaxTypedLength = 128;

    readonly string text;

    Claim(string canonical) => text = canonical;

    /// <summary>A new claim from <paramref name="random"/>.</summary>
    public static Claim Generate(RandomSource random)
    {
        byte[] bytes = new byte[15];
        random.Fill(bytes, 0, bytes.Length);
        Span<char> characters = stackalloc char[Length];
        CrockfordBase32.Encode(bytes, characters[..(Length - 1)]);
        characters[Length - 1] = ClaimCheck.For(characters[..(Length - 1)]);
        Array.Clear(bytes);
        return new Claim(new string(characters));
    }

    /// <summary>
    /// Reads a claim as typed or scanned: any case, dashes and spaces anywhere, O for 0, I and L for 1.
    /// On false, <paramref name="fault"/> says whether its length, a character or the check is wrong, without repeating the text.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<char> typed, [NotNullWhen(true)] out Claim? claim, [NotNullWhen(false)] out FaultReport? fault)
    {
        claim = null;
        Span<char> characters = stackalloc char[Length];
        int count = typed.Length > MaxTypedLength ? Length + 1 : CrockfordBase32.Normalize(typed, characters);
        fault = count switch
        {
            -1 => Faults.ClaimMalformed.With("it has a character that is in no claim"),
            > Length => Faults.ClaimMalformed.With("there are more"),
            < Length => Faults.ClaimMalformed.With($"there are {count}"),
            _ when !ClaimCheck.Fits(characters) => Faults.ClaimMistyped.With(),
            _ => null,
        };
        if (fault is not null)
        {
            return false;
        }

        claim = new Claim(new string(characters));
        return true;
    }

    /// <summary>Reads a claim; see the other overload for what is forgiven.</summary>
    public static bool TryParse(ReadOnlySpan<char> typed, [NotNullWhen(true)] out Claim? claim) =>
        TryParse(typed, out claim, out _);

    /// <summary>The 24 characters, the form that goes over the wire and into a QR code. A secret.</summary>
    public string ExportText() => text;

    /// <summary>Six groups of four with dashes, the form for print and typing. A secret.</summary>
    public string ExportGroups() => string.Join('-', text[..4], text[4..8], text[8..12], text[12..16], text[16..20], text[20..]);

    /// <summary>Never the claim itself.</summary>
    public override string ToString() => "[redacted]";
}
