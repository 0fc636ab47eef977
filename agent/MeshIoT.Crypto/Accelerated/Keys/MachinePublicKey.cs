using System;

namespace MeshIoT.Crypto;

/// <summary>A machine's public identity towards its coordinator (and the coordinator's own). Text form: "mkey:" and 64 hex digits.</summary>
public readonly struct MachinePublicKey : IEquatable<MachinePublicKey>
{
    const string Prefix = "mkey:";

    readonly KeyBytes key;

    MachinePublicKey(KeyBytes key)
    {
        this.key = key;
    }

    /// <summary>True for 32 zero bytes, the wire's way to say "no key".</summary>
    public bool IsZero => key.IsZero;

    /// <summary>The key in 32 bytes; any other length throws.</summary>
    public static MachinePublicKey FromBytes(ReadOnlySpan<byte> bytes) => new(new KeyBytes(bytes));

    /// <summary>Reads the text form; false for anything else, null included.</summary>
    public static bool TryParse(string? text, out MachinePublicKey key)
    {
        bool valid = KeyBytes.TryParse(text, Prefix, out KeyBytes bytes);
        key = new(bytes);
        return valid;
    }

    /// <summary>Reads the text form or throws a FormatException that does not repeat it.</summary>
    public static MachinePublicKey Parse(string text) => TryParse(text, out MachinePublicKey key) ? key : throw KeyText.Malformed(Prefix);

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
    public bool Equals(MachinePublicKey other) => key.Equals(other.key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MachinePublicKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => key.GetHashCode();

    /// <summary>Same 32 bytes.</summary>
    public static bool operator ==(MachinePublicKey left, MachinePublicKey right) => left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(MachinePublicKey left, MachinePublicKey right) => !left.Equals(right);

    internal static MachinePublicKey From(KeyBytes key) => new(key);
}
