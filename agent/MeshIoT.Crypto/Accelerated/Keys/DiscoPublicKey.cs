using System;

namespace MeshIoT.Crypto;

/// <summary>The public key of path discovery, new at each start of a node. Text form: "discokey:" and 64 hex digits.</summary>
public readonly struct DiscoPublicKey : IEquatable<DiscoPublicKey>
{
    const string Prefix = "discokey:";

    readonly KeyBytes key;

    DiscoPublicKey(KeyBytes key)
    {
        this.key = key;
    }

    /// <summary>True for 32 zero bytes, the wire's way to say "no key".</summary>
    public bool IsZero => key.IsZero;

    /// <summary>The key in 32 bytes; any other length throws.</summary>
    public static DiscoPublicKey FromBytes(ReadOnlySpan<byte> bytes) => new(new KeyBytes(bytes));

    /// <summary>Reads the text form; false for anything else, null included.</summary>
    public static bool TryParse(string? text, out DiscoPublicKey key)
    {
        bool valid = KeyBytes.TryParse(text, Prefix, out KeyBytes bytes);
        key = new(bytes);
        return valid;
    }

    /// <summary>Reads the text form or throws a FormatException that does not repeat it.</summary>
    public static DiscoPublicKey Parse(string text) => TryParse(text, out DiscoPublicKey key) ? key : throw KeyText.Malformed(Prefix);

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> output) => key.CopyTo(output);

    /// <summary>The 32 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[KeyBytes.Size];
        key.CopyTo(bytes);
        return bytes;
    }

    /// <summary>The text form, lower case.</summary>
    public override string ToString() => key.ToText(Prefix);

    /// <summary>A short form for logs, such as [AbCdE].</summary>
    public string ShortString() => key.ToShortText();

    /// <inheritdoc/>
    public bool Equals(DiscoPublicKey other) => key.Equals(other.key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DiscoPublicKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => key.GetHashCode();

    /// <summary>Same 32 bytes.</summary>
    public static bool operator ==(DiscoPublicKey left, DiscoPublicKey right) => left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(DiscoPublicKey left, DiscoPublicKey right) => !left.Equals(right);

    internal static DiscoPublicKey From(KeyBytes key) => new(key);
}
