using System;
using MeshIoT.Crypto;
using MeshIoT.Node.Network;
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

    /// <summary>Where we are now.</summary>
    public required Func<OwnNetwork> WhereWeAre { get; init; }

    /// <summary>Called when the coordinator has taken what it was told of that.</summary>
    public required Action<OwnNetwork> ToldWhereWeAre { get; init; }

    /// <summary>Set when something that the coordinator is told may have changed.</summary>
    public required AsyncGate SelfChanged { get; init; }
}
