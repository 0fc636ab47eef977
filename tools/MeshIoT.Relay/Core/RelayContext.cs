using System;
using MeshIoT.Crypto;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <summary>What all sessions of a relay share.</summary>
internal sealed class RelayContext(RelayLimits limits, NodePrivateKey key, RandomSource random, IAdmission admission, MeshKey? meshKey, RelayLog log)
{
    public RelayLimits Limits => limits;

    public NodePrivateKey Key => key;

    public RandomSource Random => random;

    public CryptoSuite Suite { get; } = new SodiumSuite();

    public IAdmission Admission => admission;

    public MeshKey? MeshKey => meshKey;

    public RelayLog Log => log;

    public ClientRegistry Registry { get; } = new();

    /// <summary>Who here has had packets from clients of the region's other relays.</summary>
    public ReachedBook Reached { get; } = new();

    /// <summary>What waits for slow clients.</summary>
    public QueueBudget Queued { get; } = new(limits.MaxQueuedBytes);

    public ConnectionCount Connections { get; } = new(limits);

    public NonceMemory Nonces { get; } = new();

    /// <summary>What all clients may send together; null: no limit.</summary>
    public ByteBucket? Total { get; } = limits.TotalBytesPerSecond > 0 ? new ByteBucket(limits.TotalBytesPerSecond) : null;

    /// <summary>What a client is told of its limits.</summary>
    public ServerInfo ServerInfo { get; } = new()
    {
        TokenBucketBytesPerSecond = limits.ClientBytesPerSecond,
        TokenBucketBytesBurst = limits.ClientBytesPerSecond > 0 ? ByteBucket.BurstOf(limits.ClientBytesPerSecond) : 0,
    };

    /// <summary>The figures in the text form of Prometheus.</summary>
    public required Func<string> MetricsText { get; init; }

    /// <summary>Names for the bootstrap of clients whose DNS does not work; null: not offered.</summary>
    public BootstrapDns? Bootstrap { get; init; }
}
