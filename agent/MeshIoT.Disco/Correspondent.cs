using System;
using System.Security.Cryptography;

namespace MeshIoT.Disco;

/// <summary>Another disco key we had to do with: the shared secret, and how much its sender may still ask for. Never prints itself.</summary>
internal sealed class Correspondent(byte[] secret, DiscoLimits limits) : IDisposable
{
    TokenBucket allowance = new(limits.OpensPerSenderPerSecond, limits.OpensPerSenderPerSecond * 2);

    /// <summary>The precomputed key of the box, 32 bytes, zeros after Dispose.</summary>
    public byte[] Secret { get; } = secret;

    /// <summary>When it was last needed.</summary>
    public long LastUsedMs { get; set; }

    /// <summary>Whether one more datagram may be opened.</summary>
    public bool MayOpen(long nowMs) => allowance.TryTake(nowMs);

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(Secret);

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
