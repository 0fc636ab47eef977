using System;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>What can be told of a region's connection at one moment.</summary>
/// <param name="Region">Its id.</param>
/// <param name="Code">Its short name.</param>
/// <param name="IsHome">It is ours: always connected.</param>
/// <param name="IsConnected">Its relay takes packets.</param>
/// <param name="Since">Since when it is connected, or is not.</param>
public sealed record DerpRegionState(int Region, string Code, bool IsHome, bool IsConnected, DateTimeOffset Since)
{
    /// <summary>It should be connected: it is home, or about to become it, or was sent to lately.</summary>
    public bool IsWanted { get; init; }

    /// <summary>The relay's name in the map; empty while none is connected.</summary>
    public string Node { get; init; } = "";

    /// <summary>Why it is not connected, or no more; null when nothing was wrong.</summary>
    public FaultReport? LastFault { get; init; }

    /// <summary>What the relay says is wrong with the connection; null while it says nothing.</summary>
    public string? Complaint { get; init; }

    /// <summary>From a ping to its answer, most recent; null while none was measured on this connection.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Connections made so far.</summary>
    public long Connects { get; init; }

    /// <summary>Bytes of frames written since the map named the region.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes of frames read.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Packets written.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Packets read.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Packets that a full queue dropped, or that had waited too long for a connection.</summary>
    public long PacketsDropped { get; init; }
}
