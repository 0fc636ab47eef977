using System;
using System.Collections.Generic;
using MeshIoT.Crypto;
using MeshIoT.Node.State;
using MeshIoT.Node.Userspace;

namespace MeshIoT.Node.Session;

/// <summary>What every session of a node shares.</summary>
internal sealed record SessionSettings
{
    /// <summary>Keys and login on the disk.</summary>
    public required StateStore Store { get; init; }

    /// <summary>Where faults are shown.</summary>
    public required HealthBoard Health { get; init; }

    /// <summary>The node's options.</summary>
    public required TailnetNodeOptions Options { get; init; }

    /// <summary>Opens the coordinator.</summary>
    public required Func<CoordinatorAddress, CoordinatorLink> Open { get; init; }

    /// <summary>This machine's key.</summary>
    public required MachinePrivateKey MachineKey { get; init; }

    /// <summary>New at each start: peers see by it that our sessions are gone.</summary>
    public required DiscoPublicKey DiscoKey { get; init; }

    /// <summary>Where new keys come from.</summary>
    public required RandomSource Random { get; init; }

    /// <summary>Wall clock and timers.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Lists our endpoints now.</summary>
    public required Func<IReadOnlyList<string>> ListEndpoints { get; init; }

    /// <summary>Set when the endpoints may have changed.</summary>
    public required AsyncGate EndpointsChanged { get; init; }
}
