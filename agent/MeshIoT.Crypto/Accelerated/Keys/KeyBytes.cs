using System;
using System.Buffers.Binary;

namespace MeshIoT.Crypto;

/// <summary>The 32 bytes inside every public key type, held by value: equality, hash and text forms are written once, here.</summary>
internal readonly struct KeyBytes : IEquatable<KeyBytes>
{
    public const int Size = 32;

    readonly ulong a, b, c, d;

    public KeyBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException("a key has 32 bytes");
        }

        a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        c = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        d = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
    }

    public bool IsZero => (a | b | c | d) == 0;

    public void CopyTo(Span<byte> output)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output, a);
        BinaryPrimitives.WriteUInt64LittleEndian(output[8..], b);
        BinaryPrimitives.WriteUInt64LittleEndian(output[16..], c);
        BinaryPrimitives.WriteUInt64LittleEndian(output[24..], d);
    }

    public bool Equals(KeyBytes other) => a == other.a && b == other.b && c == other.c && d == other.d;

    public override bool Equals(object? obj) => obj is KeyBytes other && Equals(other);

    // Public keys are as good as random, but anyone may choose theirs: all words take part.
    public override int GetHashCode() => HashCode.Combine(a, b, c, d);

    /// <summary>Prefix and 64 lower-case hex digits.</summary>
    public string ToText(string prefix)
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return prefix + Convert.ToHexStringLower(bytes);
    }

    /// <summary>The first five base64 characters in brackets: enough for a person to tell keys apart in a log.</summary>
    public string ToShortText()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return "[" + Convert.ToBase64String(bytes[..6])[..5] + "]";
    }

    /// <summary>Accepts exactly prefix + 64 hex digits of either case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, string prefix, out KeyBytes key)
    {
        Span<byte> bytes = stackalloc byte[Size];
        bool valid = KeyText.TryRead(text, prefix, bytes);
        key = valid ? new KeyBytes(bytes) : default;
        return valid;
    }
}
