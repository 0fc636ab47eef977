using System;

namespace MeshIoT.Paths.NetCheck;

/// <summary>What the choice of the home relay depends on besides measurements.</summary>
public sealed record HomeContext
{
    /// <summary>The home now; 0: none yet.</summary>
    public int Current { get; init; }

    /// <summary>Peers can be told of another home. While they cannot, a move would only hide this node.</summary>
    public bool CoordinatorConnected { get; init; }

    /// <summary>When the relay of a region last sent a frame, by the clock of the checks; null: not, or not connected.</summary>
    public Func<int, TimeSpan?> LastHeard { get; init; } = static _ => null;

    /// <summary>The relay of a region refuses connections, however well its STUN server answers.</summary>
    public Func<int, bool> IsDown { get; init; } = static _ => false;

    /// <summary>Of this node and no other, so that nodes without measurements spread over the relays.</summary>
    public ulong Seed { get; init; }
}
