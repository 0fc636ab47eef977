using System;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MeshIoT.Crypto;

/// <summary>The private key of path discovery, in memory only. It never prints itself; its bytes are wiped on Dispose.</summary>
public sealed class DiscoPrivateKey : PrivateKey
{
    DiscoPrivateKey(ReadOnlySpan<byte> key)
        : base(key)
    {
        PublicKey = DiscoPublicKey.From(ComputePublic());
    }

    DiscoPrivateKey(RandomSource random)
        : base(random)
    {
        PublicKey = DiscoPublicKey.From(ComputePublic());
    }

    /// <summary>The public half; stays readable after Dispose.</summary>
    public DiscoPublicKey PublicKey { get; }

    /// <summary>A new key.</summary>
    public static DiscoPrivateKey Generate(RandomSource random) => new(random);

    /// <summary>The key in 32 bytes, which are copied; any other length throws.</summary>
    public static DiscoPrivateKey FromBytes(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Reads "privkey:" and 64 hex digits; false for anything else, null included.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DiscoPrivateKey? key)
    {
        Span<byte> bytes = stackalloc byte[X25519.Size];
        key = TryReadText(text, bytes) ? new DiscoPrivateKey(bytes) : null;
        CryptographicOperations.ZeroMemory(bytes);
        return key is not null;
    }
}
