using System;
using System.Security.Cryptography;

namespace MeshIoT.Crypto;

/// <summary>
/// What the three private keys have in common: 32 pinned bytes that no garbage collection copies, wiped on Dispose, never printed.
/// </summary>
public abstract class PrivateKey : IDisposable
{
    const string Prefix = "privkey:";

    readonly byte[] bytes = GC.AllocateArray<byte>(KeyBytes.Size, pinned: true);
    bool disposed;

    private protected PrivateKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes.Size)
        {
            throw new ArgumentException("a private key has 32 bytes");
        }

        key.CopyTo(bytes);
    }

    private protected PrivateKey(RandomSource random)
    {
        random.Fill(bytes, 0, KeyBytes.Size);

        // Clamped at birth so that every program that reads the text form sees the scalar that is used. RFC 7748 section 5.
        bytes[0] &= 248;
        bytes[31] = (byte)((bytes[31] & 127) | 64);
    }

    /// <summary>The 32 secret bytes themselves, not a copy; they turn to zeros on Dispose.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return bytes;
        }
    }

    /// <summary>The text form "privkey:" + 64 hex digits, for the state file and nothing else.</summary>
    public string ExportText()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return Prefix + Convert.ToHexStringLower(bytes);
    }

    /// <summary>Always "[redacted]".</summary>
    public sealed override string ToString() => "[redacted]";

    /// <summary>Wipes the key; every other member throws from then on. May be called twice.</summary>
    public void Dispose()
    {
        disposed = true;
        CryptographicOperations.ZeroMemory(bytes);
        GC.SuppressFinalize(this);
    }

    private protected KeyBytes ComputePublic()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        byte[] output = new byte[KeyBytes.Size];
        new SodiumSuite().PublicKey(bytes, output);
        return new KeyBytes(output);
    }

    private protected static bool TryReadText(ReadOnlySpan<char> text, Span<byte> key) => KeyText.TryRead(text, Prefix, key);
}
