using System;

namespace MeshIoT.Sim;

/// <summary>What one run does.</summary>
internal sealed record SimOptions
{
    /// <summary>The coordinator to start: a program, or a .dll for dotnet.</summary>
    public required string Coordinator { get; init; }

    /// <summary>Sensors and hubs together.</summary>
    public int Nodes { get; init; } = 2000;

    /// <summary>How many of them are hubs.</summary>
    public int Hubs { get; init; } = 4;

    /// <summary>Map frames: packed or plain.</summary>
    public bool Zstd { get; init; } = true;

    /// <summary>Nodes that join at once.</summary>
    public int JoinAtOnce { get; init; } = 64;

    /// <summary>How long nothing is done, and everything watched.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Endpoint changes a second.</summary>
    public int Rate { get; init; } = 50;

    /// <summary>For how long.</summary>
    public TimeSpan Changing { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Restarts after which all come back at once.</summary>
    public int Restarts { get; init; } = 3;

    /// <summary>Longest wait of a node after one further restart; zero: there is no such restart.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Nodes behind one source address.</summary>
    public int PerAddress { get; init; } = 1000;

    /// <summary>No phase lasts longer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A policy file to set before the first node joins.</summary>
    public string? PolicyFile { get; init; }

    /// <summary>Where the figures go as JSON.</summary>
    public string? JsonFile { get; init; }
}
