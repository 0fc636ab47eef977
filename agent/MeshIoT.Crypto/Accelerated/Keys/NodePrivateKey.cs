using System;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MeshIoT.Crypto;

/// <summary>A node's WireGuard private key. It never prints itself; its bytes are wiped on Dispose.</summary>
public sealed class NodePrivateKey : PrivateKey
{
    NodePrivateKey(ReadOnlySpan<byte> key)
        : base(key)
    {
        PublicKey = NodePublicKey.From(ComputePublic());
    }

    NodePrivateKey(RandomSource random)
        : base(random)
    {
        PublicKey = NodePublicKey.From(ComputePublic());
    }

    /// <summary>The public half; stays readable after Dispose.</summary>
    public NodePublicKey PublicKey { get; }

    /// <summary>A new key.</summary>
    public static NodePrivateKey Generate(RandomSource random) => new(random);

    /// <summary>The key in 32 bytes, which are copied; any other length throws.</summary>
    public static NodePrivateKey FromBytes(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Reads "privkey:" and 64 hex digits; false for anything else, null included.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NodePrivateKey? key)
    {
        Span<byte> bytes = stackalloc byte[X25519.Size];
        key = TryReadText(text, bytes) ? new NodePrivateKey(bytes) : null;
        CryptographicOperations.ZeroMemory(bytes);
        return key is not null;
    }
}
