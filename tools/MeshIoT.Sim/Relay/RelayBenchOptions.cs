using System;

namespace MeshIoT.Sim;

/// <summary>How a relay is measured.</summary>
internal sealed record RelayBenchOptions
{
    /// <summary>The program of ours, or a .dll for dotnet.</summary>
    public required string Coordinator { get; init; }

    /// <summary>derper, to be measured beside it; null: it is not here.</summary>
    public string? Derper { get; init; }

    /// <summary>Idle clients.</summary>
    public int Clients { get; init; } = 5000;

    /// <summary>How many connect at once.</summary>
    public int AtOnce { get; init; } = 32;

    /// <summary>How long all are quiet before memory is taken.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long packets flow.</summary>
    public TimeSpan Flow { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Bytes of a packet: WireGuard's largest on the usual MTU has a few more.</summary>
    public int PacketSize { get; init; } = 1280;

    /// <summary>Packets under way at the most.</summary>
    public int Window { get; init; } = 256;

    /// <summary>Where the figures go; null: nowhere else.</summary>
    public string? JsonFile { get; init; }
}
