using System;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace MeshIoT.Crypto;

/// <summary>A machine's identity towards its coordinator. It never prints itself; its bytes are wiped on Dispose.</summary>
public sealed class MachinePrivateKey : PrivateKey
{
    MachinePrivateKey(ReadOnlySpan<byte> key)
        : base(key)
    {
        PublicKey = MachinePublicKey.From(ComputePublic());
    }

    MachinePrivateKey(RandomSource random)
        : base(random)
    {
        PublicKey = MachinePublicKey.From(ComputePublic());
    }

    /// <summary>The public half; stays readable after Dispose.</summary>
    public MachinePublicKey PublicKey { get; }

    /// <summary>A new key.</summary>
    public static MachinePrivateKey Generate(RandomSource random) => new(random);

    /// <summary>The key in 32 bytes, which are copied; any other length throws.</summary>
    public static MachinePrivateKey FromBytes(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Reads "privkey:" and 64 hex digits; false for anything else, null included.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MachinePrivateKey? key)
    {
        Span<byte> bytes = stackalloc byte[X25519.Size];
        key = TryReadText(text, bytes) ? new MachinePrivateKey(bytes) : null;
        CryptographicOperations.ZeroMemory(bytes);
        return key is not null;
    }
}
