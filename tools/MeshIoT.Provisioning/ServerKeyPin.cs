using System;
using System.Diagnostics.CodeAnalysis;
using MeshIoT.Crypto;

namespace MeshIoT.Provisioning;

/// <summary>
/// Which coordinator a code belongs to: the first 16 Crockford characters (80 bits) of BLAKE2s-256 of its Noise public key.
/// With it a device recognises its server before its clock or any certificate authority is right.
/// </summary>
public readonly struct ServerKeyPin : IEquatable<ServerKeyPin>
{
    /// <summary>Characters in a pin.</summary>
    public const int Length = 16;

    readonly string? text;

    ServerKeyPin(string canonical) => text = canonical;

    /// <summary>The pin of <paramref name="serverKey"/>.</summary>
    public static ServerKeyPin Of(MachinePublicKey serverKey)
    {
        byte[] hash = new byte[32];
        Blake2s.Hash(serverKey.ToArray(), 0, 32, hash, 0);
        Span<char> characters = stackalloc char[Length];
        CrockfordBase32.Encode(hash, characters);
        return new ServerKeyPin(new string(characters));
    }

    /// <summary>Reads a pin: any case, dashes and spaces forgiven, exactly 16 characters.</summary>
    public static bool TryParse([NotNullWhen(true)] string? typed, out ServerKeyPin pin)
    {
        pin = default;
        Span<char> characters = stackalloc char[Length];
        if (typed is null || typed.Length > 4 * Length || CrockfordBase32.Normalize(typed, characters) != Length)
        {
            return false;
        }

        pin = new ServerKeyPin(new string(characters));
        return true;
    }

    /// <summary>True when <paramref name="serverKey"/> is the key that this pin was made of; the empty pin matches none.</summary>
    public bool Matches(MachinePublicKey serverKey) => text is not null && Equals(Of(serverKey));

    /// <summary>The 16 characters; empty for the empty pin.</summary>
    public override string ToString() => text ?? "";

    /// <inheritdoc/>
    public bool Equals(ServerKeyPin other) => string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ServerKeyPin other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Same pin.</summary>
    public static bool operator ==(ServerKeyPin left, ServerKeyPin right) => left.Equals(right);

    /// <summary>Different pins.</summary>
    public static bool operator !=(ServerKeyPin left, ServerKeyPin right) => !left.Equals(right);
}
